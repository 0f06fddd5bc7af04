export * from "./apply.ts";
export * from "./export.ts";
export * from "./list.ts";
export * from "./plan.ts";
