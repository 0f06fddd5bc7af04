"use client";
import { Command } from "cmdk";
import { CornerDownLeft, LoaderCircle, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import type { NavGroup } from "#components/layout/nav-items.ts";
import type { PaletteAction, PaletteResource, ResourceSearch } from "#components/layout/palette-entry.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useAsyncSearch } from "#components/ui/use-async-search.ts";

export type CommandPaletteProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  groups: readonly NavGroup[];
  actions: readonly PaletteAction[];
  search?: ResourceSearch;
};

const noResources = async (): Promise<readonly PaletteResource[]> => [];

/** ⌘K: every page, every deed, and any resource by name or id. */
export default function CommandPalette({ isOpen, onOpenChange, ...content }: CommandPaletteProps) {
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-overlay" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 top-[12vh] z-50 mx-auto w-[calc(100vw-1.5rem)] max-w-xl animate-pop-in overflow-hidden rounded-xl bg-raised shadow-pop outline-none"
        >
          <Primitive.Title className="sr-only">Command palette</Primitive.Title>
          <PaletteContent {...content} onClose={() => onOpenChange(false)} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function PaletteContent({
  groups,
  actions,
  search = noResources,
  onClose,
}: Omit<CommandPaletteProps, "isOpen" | "onOpenChange"> & { onClose: () => void }) {
  const router = useRouter();
  const [query, setQuery] = useState("");
  const text = query.trim();
  const { results, state } = useAsyncSearch(text === "" ? noResources : search, text);
  const [selected, setSelected] = useState("");
  const [firstFound] = text === "" ? [] : results;
  const firstValue = firstFound ? resourceValue(firstFound, text) : null;
  // What was found by name is what was meant: Enter goes there.
  useEffect(() => {
    if (firstValue !== null) setSelected(firstValue);
  }, [firstValue]);
  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  const run = (action: PaletteAction) => {
    if ("href" in action) return go(action.href);
    onClose();
    action.onSelect();
  };
  return (
    <Command label="Command palette" loop value={selected} onValueChange={setSelected}>
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search className="size-4 shrink-0 text-faint" aria-hidden />
        <Command.Input
          value={query}
          onValueChange={setQuery}
          placeholder="Search pages, actions and resources…"
          className="h-12 w-full bg-transparent text-base outline-none focus-visible:outline-none"
        />
        {text !== "" && state === "loading" ? (
          <LoaderCircle className="size-4 animate-spin text-faint" aria-hidden />
        ) : (
          <Kbd>Esc</Kbd>
        )}
      </div>
      <Command.List className="max-h-[min(24rem,60vh)] scroll-py-2 overflow-y-auto p-2">
        <Command.Empty className="px-3 py-8 text-center text-muted text-sm">
          {state === "loading" ? "Searching…" : "Nothing found."}
        </Command.Empty>
        {results.length > 0 && text !== "" ? (
          <PaletteGroup heading="Resources">
            {results.map((resource) => (
              <PaletteItem
                key={`${resource.kind} ${resource.id}`}
                value={resourceValue(resource, text)}
                onSelect={() => go(resource.href)}
              >
                <span className="w-24 shrink-0 truncate text-faint text-xs">{resource.kind}</span>
                <Truncate text={resource.label} />
                {resource.hint ? <Truncate text={resource.hint} className="ml-auto text-faint text-xs" /> : null}
              </PaletteItem>
            ))}
          </PaletteGroup>
        ) : null}
        {actions.length > 0 ? (
          <PaletteGroup heading="Actions">
            {actions.map((action) => (
              <PaletteItem key={action.id} value={`${action.label} ${action.words ?? ""}`} onSelect={() => run(action)}>
                {action.icon ? (
                  <action.icon className="size-4 shrink-0 text-faint" aria-hidden />
                ) : (
                  <CornerDownLeft className="size-4 shrink-0 text-faint" aria-hidden />
                )}
                {action.label}
              </PaletteItem>
            ))}
          </PaletteGroup>
        ) : null}
        <PaletteGroup heading="Go to">
          {groups.flatMap((group) =>
            group.items.map((page) => (
              <PaletteItem key={page.href} value={`${page.label} ${page.words}`} onSelect={() => go(page.href)}>
                <page.icon className="size-4 shrink-0 text-faint" aria-hidden />
                {page.label}
                <span className="ml-auto flex gap-1">
                  <Kbd>g</Kbd>
                  <Kbd>{page.shortcut}</Kbd>
                </span>
              </PaletteItem>
            )),
          )}
        </PaletteGroup>
      </Command.List>
    </Command>
  );
}

/** The typed text is part of it, so that the list's own filter never hides what the server found. */
function resourceValue(resource: PaletteResource, text: string): string {
  return `${resource.id} ${resource.kind} ${resource.label} ${text}`;
}

function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

function PaletteItem({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 min-w-0 cursor-default items-center gap-2.5 rounded-md px-2 text-sm data-[selected=true]:bg-hover"
    >
      {children}
    </Command.Item>
  );
}
