import { getRequest, listRequests } from "../../domain/request/index.ts";
import { queryUsage } from "../../domain/usage/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const traffic: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/usage",
    verb: queryUsage,
    summary: "Requests, errors, tokens, cost and latency over time, by any dimension; the last 24 hours by default",
  }),
  endpoint({
    method: "GET",
    path: "/requests",
    verb: listRequests,
    summary: "Search the calls, newest first; the last 24 hours by default",
  }),
  endpoint({
    method: "GET",
    path: "/requests/{id}",
    verb: getRequest,
    summary: "Read a call with its Decision: every stage, rule and revision",
  }),
];
