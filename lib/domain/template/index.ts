export * from "./apply.ts";
export * from "./list.ts";
