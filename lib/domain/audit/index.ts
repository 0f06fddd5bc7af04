export * from "./get.ts";
export * from "./list.ts";
export * from "./seal.ts";
export * from "./verify.ts";
