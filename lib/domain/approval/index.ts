export { approve, reject, withdrawApproval } from "./decide.ts";
export { getApproval, listApprovals } from "./read.ts";
export { requestApproval } from "./request.ts";
