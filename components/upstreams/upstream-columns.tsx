import Link from "next/link";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { stateWords } from "#components/health/health-words.ts";
import { Badge, StatusDot } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { providerLabel } from "#components/upstreams/provider-words.ts";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";

/** The columns of the list of upstreams. */
export const upstreamColumns: readonly DataTableColumn<UpstreamView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: (upstream) => (
      <span className="flex min-w-0 items-center gap-2">
        <Link href={`/upstreams/${upstream.id}`} prefetch={false} className="min-w-0 hover:underline">
          <Truncate text={upstream.name} />
        </Link>
        {upstream.isDemo ? <DemoBadge /> : null}
      </span>
    ),
    exportValue: (upstream) => upstream.name,
    className: "w-1/4",
  },
  {
    id: "provider",
    header: "Provider",
    cell: (upstream) => <Truncate text={providerLabel(upstream.provider)} />,
    exportValue: (upstream) => upstream.provider,
    className: "w-40",
  },
  {
    id: "baseUrl",
    header: "Base URL",
    cell: (upstream) => <Truncate text={upstream.baseUrl} className="text-muted" />,
    exportValue: (upstream) => upstream.baseUrl,
  },
  {
    id: "credentials",
    header: "Credentials",
    cell: (upstream) => <CredentialWords upstream={upstream} />,
    exportValue: (upstream) => upstream.credentials.length,
    className: "w-40",
  },
  {
    id: "health",
    header: "Health",
    cell: (upstream) => <HealthWords upstream={upstream} />,
    exportValue: (upstream) => upstream.standing?.length ?? 0,
    className: "w-36",
  },
  {
    id: "updatedAt",
    header: "Changed",
    cell: (upstream) => <RelativeTime at={upstream.updatedAt} />,
    exportValue: (upstream) => upstream.updatedAt,
    className: "w-32",
  },
];

/** Marks what only stands in for a provider. */
export function DemoBadge() {
  return (
    <Badge tone="info" title="The built-in demo upstream: no real model answers here.">
      demo
    </Badge>
  );
}

/** Whether everything of an upstream is in service at every node that is online. */
function HealthWords({ upstream: { standing = [] } }: { upstream: UpstreamView }) {
  const [first] = standing;
  if (first === undefined) return <StatusDot tone="success">in service</StatusDot>;
  if (standing.length > 1) return <StatusDot tone="warning">{`${standing.length} problems`}</StatusDot>;
  return <StatusDot tone={stateWords[first.state].tone}>{stateWords[first.state].word}</StatusDot>;
}

function CredentialWords({ upstream: { credentials } }: { upstream: UpstreamView }) {
  const [first] = credentials;
  if (!first) return <span className="text-warning">none</span>;
  if (credentials.length > 1) return <span className="num">{credentials.length}</span>;
  return <span className="num">{first.last4 === "" ? "1" : `…${first.last4}`}</span>;
}
