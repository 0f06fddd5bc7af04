export * from "./create.ts";
export * from "./create-version.ts";
export * from "./delete.ts";
export * from "./delete-version.ts";
export * from "./purge-cache.ts";
export * from "./read.ts";
export * from "./update.ts";
export * from "./update-version.ts";
export { getVersion, listVersions } from "./versions.ts";
