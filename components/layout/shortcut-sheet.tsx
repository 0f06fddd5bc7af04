"use client";
import type { NavGroup } from "#components/layout/nav-items.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { SwitchField } from "#components/ui/switch.tsx";

const general: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["⌘", "K"], does: "Open the palette (Ctrl K elsewhere)" },
  { keys: ["/"], does: "Search on this page" },
  { keys: ["?"], does: "Show this list" },
  { keys: ["j"], does: "Next row of a focused table" },
  { keys: ["k"], does: "Previous row of a focused table" },
  { keys: ["↵"], does: "Open the focused row" },
  { keys: ["Esc"], does: "Close, or clear a search" },
];

/** Every key of the console, and the switch that turns single keys off (WCAG 2.1.4). */
export function ShortcutSheet({
  isOpen,
  onOpenChange,
  groups,
  isSingleKeyOn,
  onSingleKeyChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  groups: readonly NavGroup[];
  isSingleKeyOn: boolean;
  onSingleKeyChange: (isOn: boolean) => void;
}) {
  const pages = groups.flatMap((group) => group.items);
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Keyboard shortcuts" size="lg">
      <div className="flex flex-col gap-5">
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
          <ShortcutList title="Anywhere" rows={general} />
          <ShortcutList title="Go to" rows={pages.map((page) => ({ keys: ["g", page.shortcut], does: page.label }))} />
        </div>
        <SwitchField
          label="Single-key shortcuts"
          hint="Keys without ⌘ or Ctrl. Turn them off if they get in the way of speech or other input tools."
          checked={isSingleKeyOn}
          onCheckedChange={onSingleKeyChange}
        />
      </div>
    </Dialog>
  );
}

function ShortcutList({ title, rows }: { title: string; rows: readonly { keys: readonly string[]; does: string }[] }) {
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-faint text-xs">{title}</h3>
      <dl className="flex flex-col gap-1 text-sm">
        {rows.map((row) => (
          <div key={row.does} className="flex items-center justify-between gap-3">
            <dt>{row.does}</dt>
            <dd className="flex gap-1">
              {row.keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
