import { z } from "zod";
import type { ComboboxOption } from "#components/ui/combobox.tsx";
import { GATEWAY_ERRORS } from "#lib/contract/error-code.ts";
import type { Permission } from "#lib/contract/permissions.ts";
import { UsageView } from "#lib/domain/usage/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import type { RequestFilterKey } from "#lib/query/requests.ts";
import { codeWords, outcomeWords } from "./words.ts";

/** One thing that calls can be filtered by. */
export interface FilterDimension {
  key: RequestFilterKey;
  label: string;
  /** Left out for who may not read the noun. */
  permission?: Permission;
  /** The values on offer for what was typed. */
  search: (query: string, signal: AbortSignal) => Promise<readonly ComboboxOption[]>;
  /** Where a value's name is read, if values are ids. */
  namePath?: (id: string) => string;
}

const shownMax = 20;
const FoundPage = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      consumerName: z.string().optional(),
      teamName: z.string().optional(),
      last4: z.string().optional(),
      group: z.string().optional(),
    }),
  ),
});

/** A search in a noun's own list; the value is the id, or the name where calls carry the name. */
function among(path: string, value: "id" | "name" = "id"): FilterDimension["search"] {
  return async (q, signal) => {
    const { data } = await callApi(FoundPage, "GET", `${path}${queryString({ q, limit: shownMax })}`, { signal });
    return data.map((found) => {
      const hint = [found.consumerName, found.teamName, found.last4 && `…${found.last4}`, found.group];
      const words = hint.filter((word) => word).join(" · ");
      return { value: found[value], label: found.name, ...(words === "" ? {} : { hint: words }) };
    });
  };
}

/** A choice from a short list; what was typed may be a value of its own where `accepts` says so. */
function oneOf(options: readonly ComboboxOption[], accepts?: RegExp): FilterDimension["search"] {
  return async (query) => {
    const typed = query.trim();
    const found = options.filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(typed.toLowerCase()));
    const isOwn = typed !== "" && accepts?.test(typed) === true && !options.some(({ value }) => value === typed);
    return isOwn ? [{ value: typed, label: typed }, ...found] : found;
  };
}

/** The models that were called lately, and what was typed. */
async function searchModels(query: string, signal: AbortSignal): Promise<readonly ComboboxOption[]> {
  const lately = {
    from: new Date(Date.now() - 30 * 86_400_000).toISOString(),
    interval: "day",
    groupBy: "model",
    limit: 50,
  };
  const { groups } = await callApi(UsageView, "GET", `/usage${queryString(lately)}`, { signal });
  const known = groups.flatMap(({ group }) => (group.model ? [{ value: group.model, label: group.model }] : []));
  return oneOf(known, /^[^,]+$/)(query, signal);
}

const statusOptions = [
  { value: "2xx", label: "2xx", hint: "served" },
  { value: "4xx", label: "4xx", hint: "refused, or the caller's mistake" },
  { value: "5xx", label: "5xx", hint: "failed" },
  { value: "429", label: "429", hint: "rate limit" },
  { value: "401", label: "401", hint: "unknown key" },
  { value: "403", label: "403", hint: "not allowed" },
  { value: "499", label: "499", hint: "the caller went away" },
  { value: "502", label: "502", hint: "the upstream failed" },
  { value: "504", label: "504", hint: "the upstream was too slow" },
];
const options = (words: Readonly<Record<string, string>>): ComboboxOption[] =>
  Object.entries(words).map(([value, label]) => ({ value, label, hint: value }));

/** In the order in which people look for them. */
export const filterDimensions: readonly FilterDimension[] = [
  {
    key: "consumerId",
    label: "Consumer",
    permission: "consumer.read",
    search: among("/consumers"),
    namePath: (id) => `/consumers/${id}`,
  },
  { key: "status", label: "Status", search: oneOf(statusOptions, /^([1-5]\d\d|[1-5]xx)$/) },
  { key: "outcome", label: "Outcome", search: oneOf(options(outcomeWords)) },
  {
    key: "errorCode",
    label: "Error",
    search: oneOf(
      Object.entries(GATEWAY_ERRORS).map(([code, { status }]) => ({
        value: code,
        label: codeWords(code),
        hint: `${status} ${code}`,
      })),
    ),
  },
  { key: "route", label: "Route", permission: "model.read", search: among("/models", "name") },
  { key: "model", label: "Model", search: searchModels },
  {
    key: "upstreamId",
    label: "Upstream",
    permission: "upstream.read",
    search: among("/upstreams"),
    namePath: (id) => `/upstreams/${id}`,
  },
  { key: "teamId", label: "Team", permission: "team.read", search: among("/teams"), namePath: (id) => `/teams/${id}` },
  {
    key: "apiKeyId",
    label: "API key",
    permission: "apiKey.read",
    search: among("/api-keys"),
    namePath: (id) => `/api-keys/${id}`,
  },
  { key: "nodeId", label: "Node", permission: "node.read", search: among("/nodes"), namePath: (id) => `/nodes/${id}` },
  {
    key: "action",
    label: "Action",
    search: oneOf(
      [
        { value: "chat.completions", label: "Chat completions" },
        { value: "embeddings", label: "Embeddings" },
        { value: "models", label: "List of models" },
      ],
      /^[a-z.]+$/,
    ),
  },
];
