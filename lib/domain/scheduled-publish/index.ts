export { cancelScheduledPublish } from "./cancel.ts";
export { getScheduledPublish, listScheduledPublishes } from "./read.ts";
export { runDuePublish } from "./run-due.ts";
export { schedulePublish } from "./schedule.ts";
