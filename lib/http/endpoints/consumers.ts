import { issueApiKey, listApiKeys } from "../../domain/api-key/index.ts";
import {
  createConsumer,
  deleteConsumer,
  getConsumer,
  listConsumers,
  updateConsumer,
} from "../../domain/consumer/index.ts";
import { ConsumerPatch } from "../../domain/consumer/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const consumers: readonly Endpoint[] = [
  endpoint({ method: "GET", path: "/consumers", verb: listConsumers, summary: "List the consumers in reach" }),
  endpoint({
    method: "POST",
    path: "/consumers",
    verb: createConsumer,
    created: "/consumers/{id}",
    summary: "Make a consumer on a published plan",
  }),
  endpoint({ method: "GET", path: "/consumers/{id}", verb: getConsumer, summary: "Read a consumer" }),
  endpoint({
    method: "PATCH",
    path: "/consumers/{id}",
    verb: updateConsumer,
    patches: ConsumerPatch,
    summary: "Rename a consumer, move its plan, suspend it or let it go again, on every node at once",
  }),
  endpoint({
    method: "DELETE",
    path: "/consumers/{id}",
    verb: deleteConsumer,
    summary: "Remove a consumer and its keys, on every node at once",
  }),
  endpoint({
    method: "GET",
    path: "/consumers/{consumerId}/api-keys",
    verb: listApiKeys,
    summary: "List the keys of a consumer, without their secrets",
  }),
  endpoint({
    method: "POST",
    path: "/consumers/{consumerId}/api-keys",
    verb: issueApiKey,
    created: "/api-keys/{id}",
    summary: "Issue a key; its secret is in this answer and nowhere else",
  }),
];
