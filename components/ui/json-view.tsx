import { CopyButton } from "#components/ui/copy-button.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";

const openDepth = 2;

/** A JSON value as a tree that folds; the first two levels are open. The whole of it can be copied. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <div className="relative overflow-hidden rounded-lg border border-line bg-subtle">
      <div className="absolute top-1 right-1">
        <CopyButton value={JSON.stringify(value, null, 2) ?? "null"} label={`Copy ${label}`} />
      </div>
      <ScrollRegion label={label} className="max-h-[32rem] p-3 font-mono text-xs leading-5">
        <JsonNode value={value} depth={0} />
      </ScrollRegion>
    </div>
  );
}

function JsonNode({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  const entries = entriesOf(value);
  const prefix = name === undefined ? null : <span className="text-muted">{name}: </span>;
  if (!entries) {
    return (
      <div className="whitespace-pre-wrap break-all pl-4">
        {prefix}
        <Scalar value={value} />
      </div>
    );
  }
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) {
    return (
      <div className="pl-4">
        {prefix}
        {open}
        {close}
      </div>
    );
  }
  return (
    <details open={depth < openDepth} className="group">
      <summary className="focus-inset list-none rounded-sm before:inline-block before:w-4 before:text-faint before:content-['▸'] [details[open]>&]:before:content-['▾'] [&::-webkit-details-marker]:hidden">
        {prefix}
        {open}
        <span className="text-faint"> {entries.length} </span>
        {close}
      </summary>
      <div className="ml-1.5 border-line border-l pl-2">
        {entries.map(([key, child]) => (
          <JsonNode key={key} name={key} value={child} depth={depth + 1} />
        ))}
      </div>
    </details>
  );
}

function Scalar({ value }: { value: unknown }) {
  if (typeof value === "string") return <span className="text-success">{JSON.stringify(value)}</span>;
  if (typeof value === "number") return <span className="text-info">{String(value)}</span>;
  return <span className="text-accent-text">{String(value)}</span>;
}

function entriesOf(value: unknown): [string, unknown][] | null {
  return typeof value === "object" && value !== null ? Object.entries(value) : null;
}
