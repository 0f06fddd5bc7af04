"use client";
import { useMemo } from "react";
import type { PolicyChange, UpstreamNames } from "#components/revisions/describe-change.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import { useEveryUpstream } from "#lib/query/upstreams.ts";

/** Names of the upstreams of the draft, and of those that the changes take away. */
export function useUpstreamNames(changes: readonly PolicyChange[]): UpstreamNames {
  const mayRead = useMay("upstream.read");
  const needsNames = changes.some((change) => change.resource === "route");
  const { data } = useEveryUpstream(mayRead && needsNames);
  return useMemo(() => {
    const changed = changes.flatMap(({ resource, id, name }): [string, string][] =>
      resource === "upstream" ? [[id, name]] : [],
    );
    return new Map([...changed, ...(data ?? []).map(({ id, name }): [string, string] => [id, name])]);
  }, [changes, data]);
}
