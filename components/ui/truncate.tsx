import { classNames } from "#components/ui/class-names.ts";

/** A name of any length and any script on one line; the whole of it on hover. */
export function Truncate({ text, className }: { text: string; className?: string }) {
  return (
    <span dir="auto" title={text} className={classNames("block min-w-0 truncate text-left", className)}>
      {text}
    </span>
  );
}
