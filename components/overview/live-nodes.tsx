"use client";
import Link from "next/link";
import { StatCard } from "#components/ui/card.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useNodes } from "#lib/query/nodes.ts";

/** How many nodes serve, and whether all of them have the newest policy. */
export function LiveNodes({ everyMs }: { everyMs: number | false }) {
  const { data, isError } = useNodes({ everyMs });
  if (!data)
    return (
      <StatCard
        label="Live nodes"
        value={isError ? <span className="text-faint">–</span> : <Skeleton className="h-7 w-16" />}
        hint={isError ? "the nodes did not load" : <Skeleton className="w-24" />}
      />
    );
  const live = data.filter((node) => node.state === "serving" || node.state === "draining");
  const behind = live.filter((node) => node.appliedRevision !== node.wantedRevision).length;
  return (
    <StatCard
      label={
        <Link href="/nodes" prefetch={false} className="hover:underline">
          Live nodes
        </Link>
      }
      value={
        <span className={live.length === 0 ? "text-danger" : ""}>
          {live.length}
          <span className="font-normal text-base text-muted"> of {data.length}</span>
        </span>
      }
      hint={live.length === 0 ? "no node serves calls" : behind === 0 ? "all on the newest policy" : `${behind} behind`}
    />
  );
}
