import {
  cancelScheduledPublish,
  getScheduledPublish,
  listScheduledPublishes,
  schedulePublish,
} from "../../domain/scheduled-publish/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const scheduledPublishes: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/scheduled-publishes",
    verb: listScheduledPublishes,
    summary: "List scheduled publishes and what became of them, newest first",
  }),
  endpoint({
    method: "POST",
    path: "/scheduled-publishes",
    verb: schedulePublish,
    created: "/scheduled-publishes/{id}",
    summary: "Publish exactly what the draft is now, at a time",
  }),
  endpoint({
    method: "GET",
    path: "/scheduled-publishes/{id}",
    verb: getScheduledPublish,
    summary: "Read a scheduled publish",
  }),
  endpoint({
    method: "DELETE",
    path: "/scheduled-publishes/{id}",
    verb: cancelScheduledPublish,
    summary: "Cancel a publish that waits for its time",
  }),
];
