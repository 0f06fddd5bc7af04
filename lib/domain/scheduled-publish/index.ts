export { cancelScheduledPublish } from "./cancel.ts";
export { getScheduledPublish, listScheduledPublishes } from "./read.ts";
export { isPublishDue, runDuePublish } from "./run-due.ts";
export { schedulePublish } from "./schedule.ts";
