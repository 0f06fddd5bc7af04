export { authenticateNode } from "./authenticate.ts";
export { listNodeEvents, listUpstreamEvents } from "./events.ts";
export { FleetHub } from "./fleet-hub.ts";
export { joinNode } from "./join.ts";
export { getNode, listNodes } from "./read.ts";
export { removeNode } from "./remove.ts";
export { reportNode } from "./report.ts";
export { updateNode } from "./update.ts";
export { type NodePosition, watchNode } from "./watch.ts";
