import { z } from "zod";
import type { PaletteResource, ResourceSearch } from "#components/layout/palette-entry.ts";
import type { Permission } from "#lib/contract/permissions.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

const perKindMax = 5;

const Found = z.object({
  id: z.string(),
  name: z.string(),
  consumerName: z.string().optional(),
  teamName: z.string().optional(),
});
type Found = z.infer<typeof Found>;
const FoundPage = z.object({ data: z.array(Found) });

type Kind = {
  kind: string;
  path: string;
  permission: Permission;
  href: (found: Found) => string;
  hint?: (found: Found) => string | undefined;
};

const kinds: readonly Kind[] = [
  {
    kind: "Consumer",
    path: "/consumers",
    permission: "consumer.read",
    href: ({ id }) => `/consumers/${id}`,
    hint: ({ teamName }) => teamName,
  },
  {
    kind: "API key",
    path: "/api-keys",
    permission: "apiKey.read",
    href: ({ id }) => `/api-keys/${id}`,
    hint: ({ consumerName }) => consumerName,
  },
  { kind: "Route", path: "/routes", permission: "route.read", href: ({ id }) => `/routes/${id}` },
  { kind: "Upstream", path: "/upstreams", permission: "upstream.read", href: ({ id }) => `/upstreams/${id}` },
  { kind: "Plan", path: "/plans", permission: "plan.read", href: ({ id }) => `/plans/${id}` },
  { kind: "Team", path: "/teams", permission: "team.read", href: ({ id }) => `/teams/${id}` },
];

/**
 * Asks every list the viewer may read for the name, all at once. A list that does not answer is left out, unless none
 * does.
 */
export function searchResources(permissions: readonly Permission[]): ResourceSearch {
  const readable = kinds.filter((entry) => permissions.includes(entry.permission));
  return async (query, signal) => {
    const answers = await Promise.allSettled(readable.map((entry) => searchKind(entry, query, signal)));
    const failure = answers.find((answer) => answer.status === "rejected");
    if (failure && answers.every((answer) => answer.status === "rejected")) throw failure.reason;
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  };
}

async function searchKind(entry: Kind, query: string, signal: AbortSignal): Promise<PaletteResource[]> {
  const { data } = await callApi(FoundPage, "GET", `${entry.path}${queryString({ q: query, limit: perKindMax })}`, {
    signal,
  });
  return data.map((found) => {
    const hint = entry.hint?.(found);
    return {
      id: found.id,
      kind: entry.kind,
      label: found.name,
      href: entry.href(found),
      ...(hint === undefined ? {} : { hint }),
    };
  });
}
