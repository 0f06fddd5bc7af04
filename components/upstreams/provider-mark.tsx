import { classNames } from "#components/ui/class-names.ts";
import { providerLabel } from "#components/upstreams/provider-words.ts";

/** The first letters of a provider in a box: no brand's picture, but something to recognise a row by. */
export function ProviderMark({ kind, className }: { kind: string; className?: string }) {
  const words = providerLabel(kind).split(/[\s-]+/);
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ""}${words[1]?.[0] ?? ""}` : (words[0]?.slice(0, 2) ?? "");
  return (
    <span
      aria-hidden
      className={classNames(
        "grid size-8 shrink-0 place-items-center rounded-md border border-line bg-subtle font-semibold text-muted text-xs",
        className,
      )}
    >
      {letters}
    </span>
  );
}
