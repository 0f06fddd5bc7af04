export { createNodeGroup } from "./create.ts";
export { listScalingDecisions } from "./decisions.ts";
export { deleteNodeGroup } from "./delete.ts";
export { ensureNodeGroup } from "./ensure.ts";
export { getNodeGroup, listNodeGroups } from "./read.ts";
export { updateNodeGroup } from "./update.ts";
