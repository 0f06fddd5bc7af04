import { classNames } from "#components/ui/class-names.ts";

/** The mark: a road that narrows to the horizon, and the barrier across it. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={classNames("size-6", className)} aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M13.6 7h4.8L24 25H8z" fill="#fff" opacity=".38" />
      <path d="M15.4 10h1.2l.3 3h-1.8zM14.6 20.5h2.8l.5 4.5h-3.8z" fill="#fff" />
      <path d="M5 16.5h22" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}

/** Mark and name. */
export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-base tracking-tight">
      <LogoMark />
      Turnpike
    </span>
  );
}
