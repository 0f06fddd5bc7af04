import { cssPercent } from "#components/format/css-percent.ts";
import { formatDuration } from "#components/format/duration.ts";
import { classNames } from "#components/ui/class-names.ts";
import type { RequestView } from "#lib/domain/request/schemas.ts";
import { attemptWords } from "./explain-request.ts";

interface Bar {
  key: string;
  label: string;
  detail: string;
  fromMs: number;
  toMs: number;
  look: "policy" | "failed" | "served" | "stream";
}

const looks: Record<Bar["look"], string> = {
  policy: "bg-faint",
  failed: "bg-[repeating-linear-gradient(45deg,var(--danger-mark)_0_4px,var(--surface)_4px_6px)]",
  served: "bg-accent",
  stream: "bg-accent opacity-50",
};

/** Where the time of a call went: policy first, then each attempt, then the answer on its way. */
export function CallWaterfall({ call }: { call: RequestView }) {
  const bars = barsOf(call);
  const totalMs = Math.max(call.durationMs, ...bars.map((bar) => bar.toMs), 0.001);
  return (
    <ol className="flex flex-col gap-1.5" aria-label="Where the time went">
      {bars.map((bar) => (
        <li
          key={bar.key}
          className="grid items-center gap-x-3 gap-y-1 text-sm sm:grid-cols-[minmax(9rem,14rem)_1fr_5.5rem]"
        >
          <span className="min-w-0">
            <span className="block truncate">{bar.label}</span>
            <span className="block truncate text-muted text-xs">{bar.detail}</span>
          </span>
          <span aria-hidden className="relative block h-4 rounded-sm bg-subtle">
            <span
              className={classNames("absolute inset-y-0 min-w-0.5 rounded-sm", looks[bar.look])}
              style={{ left: cssPercent(bar.fromMs / totalMs), width: cssPercent((bar.toMs - bar.fromMs) / totalMs) }}
            />
          </span>
          <span className="num text-right text-muted max-sm:-mt-1 max-sm:text-left">
            {formatDuration(bar.toMs - bar.fromMs)}
          </span>
        </li>
      ))}
      <li className="mt-1 flex justify-between border-line border-t pt-2 text-sm">
        <span className="text-muted">From the first byte in to the last byte out</span>
        <span className="num font-medium">{formatDuration(call.durationMs)}</span>
      </li>
    </ol>
  );
}

function barsOf(call: RequestView): Bar[] {
  const { attempts } = call.decision;
  const policyMs = attempts[0]?.startedAtMs ?? call.durationMs;
  const bars: Bar[] = [
    {
      key: "policy",
      label: "Policy",
      detail: "before anything is sent on",
      fromMs: 0,
      toMs: policyMs,
      look: "policy",
    },
  ];
  attempts.forEach((attempt, place) => {
    const isLast = place === attempts.length - 1;
    const endMs = attempt.startedAtMs + attempt.durationMs;
    const isServed = isLast && call.firstByteMs !== null && call.firstByteMs >= attempt.startedAtMs;
    const firstMs = isServed ? Math.min(call.firstByteMs ?? endMs, endMs) : endMs;
    bars.push({
      key: `attempt ${place}`,
      label: attempts.length > 1 ? `Attempt ${place + 1}: ${attempt.upstreamName}` : attempt.upstreamName,
      detail: isServed ? "until the first byte" : attemptWords(attempt.error, attempt.status),
      fromMs: attempt.startedAtMs,
      toMs: firstMs,
      look: isServed ? "served" : "failed",
    });
    if (isServed && endMs - firstMs > 0.5)
      bars.push({
        key: `answer ${place}`,
        label: "Answer",
        detail: call.stream ? "streamed to the caller" : "sent to the caller",
        fromMs: firstMs,
        toMs: endMs,
        look: "stream",
      });
  });
  return bars;
}
