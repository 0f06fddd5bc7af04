import { classNames } from "#components/ui/class-names.ts";

const width = 100;
const height = 24;

/** A line without axes; `label` says in words what it shows, since a picture this small cannot. */
export function Sparkline({
  values,
  label,
  className,
}: {
  values: readonly number[];
  label: string;
  className?: string;
}) {
  const points = sparklinePoints(values);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 -1 ${width} ${height + 2}`}
      preserveAspectRatio="none"
      className={classNames("h-6 w-24 text-accent-text", className)}
    >
      {points === "" ? null : (
        <>
          <polygon points={`0,${height} ${points} ${width},${height}`} fill="currentColor" opacity={0.12} />
          <polyline
            points={points}
            fill="none"
            stroke="currentColor"
            strokeWidth={1.5}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  );
}

/** The values as svg points over the full box. */
export function sparklinePoints(values: readonly number[]): string {
  if (values.length < 2) return "";
  const top = Math.max(...values);
  const bottom = Math.min(0, ...values);
  const span = top - bottom;
  return values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * width;
      const y = span === 0 ? height : height - ((value - bottom) / span) * height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
