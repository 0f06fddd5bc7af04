"use client";
import { useState } from "react";
import { describeValue, diffFields } from "#components/diff/diff-fields.ts";
import { DiffJson } from "#components/diff/diff-json.tsx";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

/** One thing that differs between two documents, as `GET /draft` lists it. */
export type ResourceChange = {
  op: "create" | "update" | "delete";
  /** The noun: "route", "plan", "upstream". */
  resource: string;
  id: string;
  /** What people call it, if it has a name. */
  name?: string;
  before: unknown;
  after: unknown;
};

const ops: Record<ResourceChange["op"], { word: string; tone: Tone }> = {
  create: { word: "added", tone: "success" },
  update: { word: "changed", tone: "warning" },
  delete: { word: "removed", tone: "danger" },
};

/** The difference between two documents, in words or as JSON. */
export function DiffView({ changes }: { changes: readonly ResourceChange[] }) {
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
              <Truncate text={change.name ?? change.id} className="max-w-full font-medium sm:max-w-96" />
            </div>
            {form === "words" ? (
              <ChangeWords change={change} />
            ) : (
              <DiffJson before={change.before} after={change.after} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function ChangeWords({ change }: { change: ResourceChange }) {
  if (change.op === "delete") return null;
  const fields = diffFields(change.before, change.after);
  return (
    <ul className="mt-2 flex flex-col gap-1 text-sm">
      {fields.map((field) => (
        <li key={field.path} className="break-words">
          <code className="text-muted text-xs">{field.path}</code>{" "}
          {change.op === "create" ? (
            <>is {describeValue(field.after)}</>
          ) : (
            <>
              from <del className="text-danger decoration-1">{describeValue(field.before)}</del> to{" "}
              <ins className="text-success no-underline">{describeValue(field.after)}</ins>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
