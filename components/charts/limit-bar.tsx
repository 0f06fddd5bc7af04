import { cssPercent } from "#components/format/css-percent.ts";
import { formatPercent } from "#components/format/number.ts";
import { classNames } from "#components/ui/class-names.ts";

const nearShare = 0.8;

/** How much of a limit is used and what is left; words say it, the bar only repeats them. */
export function LimitBar({
  label,
  used,
  limit,
  format,
  className,
}: {
  /** "Tokens today", "Cost this month". */
  label: string;
  used: number;
  limit: number;
  format: (value: number) => string;
  className?: string;
}) {
  const share = limit > 0 ? used / limit : 1;
  const left = Math.max(0, limit - used);
  const state = share >= 1 ? "over" : share >= nearShare ? "near" : "within";
  return (
    <div className={classNames("flex flex-col gap-1 text-xs", className)}>
      <div className="num flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="text-muted">{label}</span>
        <span>
          {format(used)} <span className="text-muted">of {format(limit)}</span>
        </span>
      </div>
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line-strong">
        <div
          className={classNames(
            "h-full rounded-full",
            state === "over" ? "bg-danger-mark" : state === "near" ? "bg-warning-mark" : "bg-accent",
          )}
          style={{ width: cssPercent(share) }}
        />
      </div>
      <span
        className={classNames(
          "num",
          state === "over" ? "text-danger" : state === "near" ? "text-warning" : "text-faint",
        )}
      >
        {state === "over" ? "Used up" : `${format(left)} left (${formatPercent(share)} used)`}
      </span>
    </div>
  );
}
