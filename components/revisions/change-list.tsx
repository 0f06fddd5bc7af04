"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { describeChange, type PolicyChange, type UpstreamNames } from "#components/revisions/describe-change.ts";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { providerLabel } from "#components/upstreams/provider-words.ts";

const DiffJson = dynamic(() => import("#components/diff/diff-json.tsx").then((module) => module.DiffJson), {
  ssr: false,
  loading: () => <Skeleton className="mt-2 h-24" />,
});

const ops: Record<PolicyChange["op"], { word: string; tone: Tone }> = {
  add: { word: "added", tone: "success" },
  update: { word: "changed", tone: "warning" },
  remove: { word: "removed", tone: "danger" },
};

/** The difference between two policies, in sentences or as JSON. */
export function ChangeList<T extends PolicyChange>({
  changes,
  upstreams,
  isLinked = false,
  tools,
}: {
  changes: readonly T[];
  upstreams: UpstreamNames;
  /** Names lead to their pages, which show the draft. */
  isLinked?: boolean;
  /** What stands under each change. */
  tools?: (change: T) => ReactNode;
}) {
  const [form, setForm] = useState<"words" | "json">("words");
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="num text-muted text-sm">{changes.length === 1 ? "1 change" : `${changes.length} changes`}</p>
        <SegmentedControl
          label="Show the difference as"
          segments={[
            { value: "words", label: "Words" },
            { value: "json", label: "JSON" },
          ]}
          value={form}
          onValueChange={setForm}
        />
      </div>
      <ul className="flex flex-col divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
        {changes.map((change) => (
          <li key={`${change.resource} ${change.id}`} className="px-4 py-3">
            <div className="flex min-w-0 flex-wrap items-center gap-2 text-sm">
              <Badge tone={ops[change.op].tone}>{ops[change.op].word}</Badge>
              <span className="text-muted">{change.resource}</span>
              <ChangeName change={change} isLinked={isLinked} />
            </div>
            {form === "words" ? (
              <ChangeSentences sentences={describeChange(change, upstreams)} />
            ) : (
              <DiffJson before={change.before} after={change.after} />
            )}
            {tools?.(change)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A price is named by the kind of its provider and its model, with a slash between them. */
function shownName({ resource, name }: PolicyChange): string {
  const slash = name.indexOf("/");
  if (resource !== "price" || slash === -1) return name;
  return `${name.slice(slash + 1)} of ${providerLabel(name.slice(0, slash))}`;
}

function ChangeName({ change, isLinked }: { change: PolicyChange; isLinked: boolean }) {
  const name = <Truncate text={shownName(change)} className="max-w-full font-medium sm:max-w-96" />;
  if (!isLinked || change.op === "remove" || change.resource === "price") return name;
  return (
    <Link href={`/${change.resource}s/${change.id}`} prefetch={false} className="min-w-0 hover:underline">
      {name}
    </Link>
  );
}

function ChangeSentences({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <ul className="mt-2 flex list-disc flex-col gap-1 pl-5 text-sm marker:text-faint">
      {sentences.map((sentence) => (
        <li key={sentence} className="break-words">
          {sentence}
        </li>
      ))}
    </ul>
  );
}
