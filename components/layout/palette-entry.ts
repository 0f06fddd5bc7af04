import type { LucideIcon } from "lucide-react";

/** A deed the palette offers: "Create API key", "Publish draft". */
export type PaletteAction = {
  id: string;
  label: string;
  icon?: LucideIcon;
  /** Further words it is found by. */
  words?: string;
} & ({ href: string } | { onSelect: () => void });

/** A resource found by search. */
export type PaletteResource = {
  id: string;
  /** The noun: "Consumer", "Route". */
  kind: string;
  label: string;
  hint?: string;
  href: string;
};

/** Finds resources of every kind the viewer may read; called once typing has paused. */
export type ResourceSearch = (query: string, signal: AbortSignal) => Promise<readonly PaletteResource[]>;
