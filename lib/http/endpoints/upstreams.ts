import { listUpstreamEvents } from "../../domain/node/index.ts";
import {
  createUpstream,
  deleteUpstream,
  getUpstream,
  listUpstreams,
  updateUpstream,
} from "../../domain/upstream/index.ts";
import { UpstreamInput } from "../../domain/upstream/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const upstreams: readonly Endpoint[] = [
  endpoint({ method: "GET", path: "/upstreams", verb: listUpstreams, summary: "List the upstreams of the draft" }),
  endpoint({
    method: "POST",
    path: "/upstreams",
    verb: createUpstream,
    created: "/upstreams/{id}",
    summary: "Add an upstream to the draft, with its first credential if one is given",
  }),
  endpoint({ method: "GET", path: "/upstreams/{id}", verb: getUpstream, summary: "Read an upstream of the draft" }),
  endpoint({
    method: "GET",
    path: "/upstreams/{id}/events",
    verb: listUpstreamEvents,
    summary: "List what changed in the health of an upstream, its targets and credentials, on every node",
  }),
  endpoint({
    method: "PATCH",
    path: "/upstreams/{id}",
    verb: updateUpstream,
    patches: UpstreamInput,
    summary: "Change an upstream in the draft",
  }),
  endpoint({
    method: "DELETE",
    path: "/upstreams/{id}",
    verb: deleteUpstream,
    summary: "Take an upstream out of the draft",
  }),
];
