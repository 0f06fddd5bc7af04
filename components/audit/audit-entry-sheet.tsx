"use client";
import Link from "next/link";
import { DiffView } from "#components/diff/diff-view.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Timestamp } from "#components/ui/relative-time.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import type { AuditView } from "#lib/domain/audit/schemas.ts";
import { useAuditEntry } from "#lib/query/audit.ts";
import { actionWords, actorKindWords, actorWords, nounWords, resourceHref } from "./audit-words.ts";

/** One entry: who, when, from where, and what it changed. `id` is in the URL, so that an entry can be pointed at. */
export function AuditEntrySheet({ id, onClose }: { id: string | null; onClose: () => void }) {
  const query = useAuditEntry(id);
  const entry = id === null ? undefined : query.data;
  const failure = entry ? null : queryErrorState(query);
  return (
    <Sheet
      isOpen={id !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={entry ? `${actorWords(entry)} ${actionWords(entry.action)} ${entry.resourceName}` : "Audit entry"}
      size="lg"
    >
      {entry ? <Entry entry={entry} /> : failure ? <ErrorState {...failure} /> : <SkeletonText lines={8} />}
    </Sheet>
  );
}

function Entry({ entry }: { entry: AuditView }) {
  const href = resourceHref(entry);
  const change = changeOf(entry);
  const name = entry.resourceName === "" ? entry.resourceId : entry.resourceName;
  return (
    <div className="flex flex-col gap-5">
      {change ? (
        <DiffView changes={[change]} />
      ) : (
        <p className="text-muted text-sm">This act left nothing behind that could be compared.</p>
      )}
      <KeyValueList
        items={[
          { label: "Who", value: `${actorWords(entry)} (${actorKindWords(entry)})` },
          { label: "When", value: <Timestamp at={entry.at} /> },
          { label: "From", value: entry.address ?? <span className="text-faint">inside the control plane</span> },
          { label: "With", value: entry.userAgent ?? <span className="text-faint">not given</span> },
          { label: "Action", value: <code className="text-xs">{entry.action}</code> },
          { label: "Outcome", value: entry.outcome },
          {
            label: `The ${nounWords(entry.resource)}`,
            value: href ? (
              <Link href={href} prefetch={false} className="text-accent-text hover:underline">
                {name}
              </Link>
            ) : (
              name
            ),
          },
          { label: "Request", value: <Copied value={entry.requestId} label="Copy request id" /> },
          {
            label: "Link in the chain",
            value: entry.seal ? `#${entry.seal.sequence}` : <span className="text-faint">not sealed yet</span>,
          },
          ...(entry.seal ? [{ label: "Hash", value: <Copied value={entry.seal.hash} label="Copy hash" /> }] : []),
        ]}
      />
    </div>
  );
}

function Copied({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 break-all text-xs">{value}</code>
      <CopyButton value={value} label={label} />
    </span>
  );
}

function changeOf({ before, after, resource, resourceId, resourceName }: AuditView) {
  const isEmpty = (value: unknown) => value === null || value === undefined;
  if (isEmpty(before) && isEmpty(after)) return null;
  const op = isEmpty(before) ? "create" : isEmpty(after) ? "delete" : "update";
  return { op, resource: nounWords(resource), id: resourceId, name: resourceName, before, after } as const;
}
