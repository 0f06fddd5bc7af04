export * from "./create.ts";
export * from "./read.ts";
export * from "./resolve.ts";
export * from "./revoke.ts";
