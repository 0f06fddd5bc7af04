"use client";
import Link from "next/link";
import { PlanConsumers } from "#components/plans/plan-consumers.tsx";
import { rateLimitWords } from "#components/plans/rate-limit-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { PlanView } from "#lib/domain/plan/schemas.ts";
import { useEveryRoute } from "#lib/query/routes.ts";

/** What a plan allows, in sentences, and who is on it. */
export function PlanDetail({ plan }: { plan: PlanView }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <TitledCard title="Rate limits" description="For every consumer on its own, unless it says otherwise.">
        {plan.rateLimits.length === 0 ? (
          <p className="text-muted text-sm">No limit: consumers on this plan may call as often as they like.</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {plan.rateLimits.map((limit) => (
              <li key={rateLimitWords(limit)} className="num text-lg tracking-tight">
                {rateLimitWords(limit)}
              </li>
            ))}
          </ul>
        )}
        <p className="mt-3 text-muted text-xs">
          As many calls at once as the limit allows; from then on they come back evenly over the window. A call beyond
          it is answered with 429 and says when to try again.
        </p>
      </TitledCard>
      <TitledCard title="Allowed routes">
        <AllowedRoutes plan={plan} />
        <p className="mt-3 text-muted text-xs">
          {plan.maxStaleSeconds === null
            ? "A node that has lost the control plane serves this plan as long as it lives."
            : `A node that has been without the control plane for ${plan.maxStaleSeconds} s refuses this plan's calls.`}
        </p>
      </TitledCard>
      <div className="lg:col-span-2">
        <PlanConsumers plan={plan} />
      </div>
    </div>
  );
}

function AllowedRoutes({ plan }: { plan: PlanView }) {
  const mayRead = useMay("route.read");
  const { data: routes } = useEveryRoute(mayRead);
  if (plan.routes.includes("*")) {
    return <p className="text-sm">Every route, those added later included.</p>;
  }
  if (plan.routes.length === 0) return <p className="text-muted text-sm">None: every call is refused.</p>;
  const idByName = new Map(routes?.map((route) => [route.name, route.id]));
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-2 text-sm">
      {plan.routes.map((name) => {
        const id = idByName.get(name);
        return (
          <li key={name} className="inline-flex items-center gap-2 break-all">
            {id ? (
              <Link href={`/routes/${id}`} prefetch={false} className="text-accent-text hover:underline">
                {name}
              </Link>
            ) : (
              name
            )}
            {routes && !id ? <Badge tone="warning">no such route</Badge> : null}
          </li>
        );
      })}
    </ul>
  );
}
