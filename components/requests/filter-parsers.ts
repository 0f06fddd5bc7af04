import { parseAsArrayOf, parseAsString } from "nuqs/server";
import type { RequestFilterKey } from "#lib/query/requests.ts";

const list = parseAsArrayOf(parseAsString).withDefault([]);

/** The URL's keys of the filters, one a dimension: `?consumerId=con_1,con_2&status=4xx`. */
export const requestFilterParsers = {
  teamId: list,
  consumerId: list,
  apiKeyId: list,
  route: list,
  upstreamId: list,
  model: list,
  nodeId: list,
  status: list,
  cache: list,
  outcome: list,
  action: list,
  errorCode: list,
} satisfies Record<RequestFilterKey, typeof list>;
