import { classNames } from "#components/ui/class-names.ts";

/** How far a running thing has come, 0 to 1; `null` while that is not known. */
export function Progress({ label, value, className }: { label: string; value: number | null; className?: string }) {
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={classNames("h-1.5 w-full overflow-hidden rounded-full bg-line-strong", className)}
    >
      <div
        className={classNames(
          "h-full rounded-full bg-accent transition-[width]",
          percent === undefined && "w-1/3 animate-shimmer",
        )}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
