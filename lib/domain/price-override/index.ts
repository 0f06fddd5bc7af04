export * from "./create.ts";
export * from "./delete.ts";
export * from "./read.ts";
export * from "./update.ts";
