"use client";
import { useState } from "react";
import { cssPercent } from "#components/format/css-percent.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";

export type HistogramBucket = {
  key: string;
  /** What the bucket covers: "12:04", "100–200 ms". */
  label: string;
  /** Shown in full height. */
  value: number;
  /** The part of `value` that failed, drawn hatched at the foot. */
  failed?: number;
};

/** Columns without axes above a table of calls; each column is a button where `onSelect` is given. */
export function Histogram({
  label,
  buckets,
  format,
  onSelect,
  heightPx = 64,
}: {
  label: string;
  buckets: readonly HistogramBucket[] | undefined;
  format: (value: number) => string;
  onSelect?: (bucket: HistogramBucket) => void;
  heightPx?: number;
}) {
  const [pointed, setPointed] = useState<HistogramBucket | null>(null);
  if (buckets === undefined) return <Skeleton className="w-full" style={{ height: heightPx + 20 }} />;
  const top = Math.max(...buckets.map((bucket) => bucket.value), 1);
  const first = buckets[0]?.label ?? "";
  const last = buckets.at(-1)?.label ?? "";
  return (
    <figure aria-label={label} className="w-full" onPointerLeave={() => setPointed(null)}>
      <ul className="flex items-end gap-px" style={{ height: heightPx }}>
        {buckets.map((bucket) => (
          <li key={bucket.key} className="flex h-full min-w-0 flex-1 items-end">
            <Column
              bucket={bucket}
              share={bucket.value / top}
              format={format}
              onSelect={onSelect}
              onPoint={setPointed}
            />
          </li>
        ))}
      </ul>
      <figcaption className="num mt-1 flex h-4 justify-between text-2xs text-faint">
        <span>{first}</span>
        {pointed ? <span className="text-muted">{bucketWords(pointed, format)}</span> : null}
        <span>{last}</span>
      </figcaption>
    </figure>
  );
}

function bucketWords(bucket: HistogramBucket, format: (value: number) => string): string {
  const failed = bucket.failed ? `, ${format(bucket.failed)} failed` : "";
  return `${bucket.label}: ${format(bucket.value)}${failed}`;
}

function Column({
  bucket,
  share,
  format,
  onSelect,
  onPoint,
}: {
  bucket: HistogramBucket;
  share: number;
  format: (value: number) => string;
  onSelect: ((bucket: HistogramBucket) => void) | undefined;
  onPoint: (bucket: HistogramBucket) => void;
}) {
  const failedShare = bucket.value > 0 ? (bucket.failed ?? 0) / bucket.value : 0;
  const column = (
    <span
      className="flex w-full flex-col justify-end rounded-t-[1px] bg-accent group-hover:bg-accent-hover"
      style={{
        height: bucket.value === 0 ? 1 : cssPercent(Math.max(0.03, share)),
        opacity: bucket.value === 0 ? 0.35 : 1,
      }}
    >
      {failedShare > 0 ? (
        <span
          className="w-full bg-[repeating-linear-gradient(45deg,var(--danger-mark)_0_3px,var(--surface)_3px_4px)]"
          style={{ height: cssPercent(Math.max(0.06, failedShare)) }}
        />
      ) : null}
    </span>
  );
  const look = "group flex h-full w-full items-end";
  if (!onSelect) {
    return (
      <span className={look} onPointerEnter={() => onPoint(bucket)} title={bucketWords(bucket, format)}>
        {column}
        <span className="sr-only">{bucketWords(bucket, format)}</span>
      </span>
    );
  }
  return (
    <button
      type="button"
      className={classNames(look, "focus-inset")}
      aria-label={bucketWords(bucket, format)}
      onPointerEnter={() => onPoint(bucket)}
      onFocus={() => onPoint(bucket)}
      onClick={() => onSelect(bucket)}
    >
      {column}
    </button>
  );
}
