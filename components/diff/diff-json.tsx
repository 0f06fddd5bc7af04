import { type DiffLine, diffLines } from "#components/diff/diff-lines.ts";
import { classNames } from "#components/ui/class-names.ts";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";

const looks = {
  same: { sign: " ", row: "text-muted" },
  removed: { sign: "-", row: "bg-danger-soft text-danger" },
  added: { sign: "+", row: "bg-success-soft text-success" },
} as const satisfies Record<DiffLine["kind"], { sign: string; row: string }>;

/** Two JSON values as one unified line diff; every line carries its sign, so the colour is not alone. */
export function DiffJson({ before, after }: { before: unknown; after: unknown }) {
  const lines = diffLines(pretty(before), pretty(after));
  return (
    <ScrollRegion label="JSON difference" className="mt-2 max-h-[28rem] rounded-md border border-line bg-subtle">
      <pre className="min-w-max py-1 text-xs leading-5">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <span key={index} className={classNames("block px-3", looks[line.kind].row)}>
            {looks[line.kind].sign} {line.text}
          </span>
        ))}
      </pre>
    </ScrollRegion>
  );
}

function pretty(value: unknown): string {
  return value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
}
