export { publishRevision, refuseProblems, requirePublishable } from "./publish.ts";
export { getRevision, listRevisions } from "./read.ts";
export { rollbackRevision } from "./rollback.ts";
