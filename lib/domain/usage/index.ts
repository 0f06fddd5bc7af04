export * from "./ingest.ts";
export * from "./query.ts";
