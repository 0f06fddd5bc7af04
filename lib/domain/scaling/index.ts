export { claimGroups, releaseGroup } from "./claim.ts";
export { scaleGroup } from "./scale-group.ts";
export { tellSupervisor } from "./tell-supervisor.ts";
