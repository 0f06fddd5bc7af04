export { publishRevision } from "./publish.ts";
export { getRevision, listRevisions } from "./read.ts";
export { rollbackRevision } from "./rollback.ts";
