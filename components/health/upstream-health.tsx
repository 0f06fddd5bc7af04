"use client";
import { HealthEvents } from "#components/health/health-events.tsx";
import { HealthStanding } from "#components/health/health-standing.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useEveryRoute } from "#lib/query/routes.ts";

/** How an upstream fares at the nodes: what is out of service now, and what changed. */
export function UpstreamHealth({ upstream }: { upstream: UpstreamView }) {
  const { data: routes } = useEveryRoute();
  const targets = new Map(
    routes?.flatMap((route) =>
      route.versions.flatMap((version) =>
        version.targets.map((target) => [target.id, `${target.model} of ${route.name}@${version.version}`] as const),
      ),
    ),
  );
  const credentials = new Map(upstream.credentials.map(({ id, name }) => [id, `the credential “${name}”`]));
  return (
    <TitledCard title="Health" description="As the nodes that are online see it.">
      <div className="flex flex-col gap-4">
        <HealthStanding
          label="Not in service"
          entries={upstream.standing ?? []}
          nameOf={({ subject, id }) =>
            subject === "upstream"
              ? "the whole upstream"
              : ((subject === "target" ? targets : credentials).get(id) ?? null)
          }
        />
        <HealthEvents of={{ kind: "upstreams", id: upstream.id }} />
      </div>
    </TitledCard>
  );
}
