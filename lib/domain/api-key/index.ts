export * from "./issue.ts";
export * from "./read.ts";
export * from "./revoke.ts";
export * from "./update.ts";
