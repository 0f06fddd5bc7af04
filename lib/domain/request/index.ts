export * from "./get.ts";
export * from "./list.ts";
