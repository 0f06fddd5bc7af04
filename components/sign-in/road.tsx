/** The logo's road and barrier, drawn large behind the form. Decoration only. */
export function Road() {
  return (
    <svg
      aria-hidden
      focusable="false"
      viewBox="0 0 1440 900"
      preserveAspectRatio="xMidYMax slice"
      className="pointer-events-none absolute inset-0 size-full text-accent-text"
    >
      <defs>
        <linearGradient id="road-fade" gradientUnits="userSpaceOnUse" x1="0" y1="210" x2="0" y2="900">
          <stop offset="0.2" stopColor="currentColor" stopOpacity="0" />
          <stop offset="1" stopColor="currentColor" stopOpacity="0.3" />
        </linearGradient>
      </defs>
      <g stroke="url(#road-fade)" strokeWidth="1.25" fill="none">
        {lanes.map((x) => (
          <path key={x} d={`M720 210 L${x} 900.5`} />
        ))}
        {crossings.map((y) => (
          <path key={y} d={`M0 ${y} H1440.5`} />
        ))}
      </g>
    </svg>
  );
}

const lanes = Array.from({ length: 25 }, (_, index) => 720 + (index - 12) * 190);
/** Spaced as equal distances look on a plane that runs to the horizon. */
const crossings = Array.from({ length: 12 }, (_, index) => Math.round(210 + 690 / (1 + index * 0.42)));
