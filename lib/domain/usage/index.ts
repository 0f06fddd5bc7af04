export { addToRollups } from "./add-rollups.ts";
export { addRouteUse } from "./add-route-use.ts";
export { bounded } from "./bounded.ts";
export { anyOf, filterSql } from "./filter-sql.ts";
export * from "./ingest.ts";
export { readNames } from "./names.ts";
export * from "./query.ts";
export { windowOf } from "./time-range.ts";
