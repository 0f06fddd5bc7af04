"use client";
import { Menu, Search } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useMemo, useState } from "react";
import { Logo } from "#components/layout/logo.tsx";
import { visibleGroups } from "#components/layout/nav-items.ts";
import type { PaletteAction, ResourceSearch } from "#components/layout/palette-entry.ts";
import { SidebarNav } from "#components/layout/sidebar-nav.tsx";
import type { Theme } from "#components/layout/theme.ts";
import { ThemeSwitch } from "#components/layout/theme-switch.tsx";
import { useShortcuts } from "#components/layout/use-shortcuts.ts";
import { useStoredFlag } from "#components/layout/use-stored-flag.ts";
import { type ShellUser, UserMenu } from "#components/layout/user-menu.tsx";
import { Button } from "#components/ui/button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Sheet } from "#components/ui/sheet.tsx";

const CommandPalette = dynamic(() => import("#components/layout/command-palette.tsx"), { ssr: false });
const ShortcutSheet = dynamic(
  () => import("#components/layout/shortcut-sheet.tsx").then((module) => module.ShortcutSheet),
  {
    ssr: false,
  },
);

export type AppShellProps = {
  user: ShellUser;
  /** What the viewer may do; navigation shows only what leads somewhere. */
  permissions: readonly string[];
  theme: Theme;
  onSignOut: () => void;
  /** In the top bar: "3 changes in the draft". */
  draftIndicator?: ReactNode;
  paletteActions?: readonly PaletteAction[];
  searchResources?: ResourceSearch;
  children: ReactNode;
};

const noActions: readonly PaletteAction[] = [];

/** The frame of every console page: skip link, navigation, top bar, palette and keys. */
export function AppShell(props: AppShellProps) {
  const groups = useMemo(() => visibleGroups(props.permissions), [props.permissions]);
  const [overlay, setOverlay] = useState<"none" | "palette" | "shortcuts" | "drawer">("none");
  const [isSingleKeyOn, setSingleKeyOn] = useStoredFlag("turnpike-single-keys", true);
  useShortcuts(groups, isSingleKeyOn, {
    onPalette: () => setOverlay((current) => (current === "palette" ? "none" : "palette")),
    onHelp: () => setOverlay("shortcuts"),
  });
  const close = (isOpen: boolean) => !isOpen && setOverlay("none");
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-accent-fg focus:text-sm"
      >
        Skip to content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-line border-r bg-subtle md:flex">
        <Link
          href="/overview"
          prefetch={false}
          className="flex h-13 shrink-0 items-center px-4"
          aria-label="Turnpike, to the overview"
        >
          <Logo />
        </Link>
        <div className="min-h-0 grow overflow-y-auto px-2 pt-1 pb-4">
          <SidebarNav groups={groups} />
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <TopBar {...props} onOverlay={setOverlay} />
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[90rem] grow px-4 py-5 outline-none md:px-6">
          {props.children}
        </main>
      </div>
      <Sheet
        isOpen={overlay === "drawer"}
        onOpenChange={close}
        title={<Logo />}
        side="left"
        size="sm"
        footer={<ThemeSwitch initial={props.theme} />}
      >
        <SidebarNav groups={groups} onNavigate={() => setOverlay("none")} />
      </Sheet>
      {overlay === "palette" ? (
        <CommandPalette
          isOpen
          onOpenChange={close}
          groups={groups}
          actions={props.paletteActions ?? noActions}
          {...(props.searchResources ? { search: props.searchResources } : {})}
        />
      ) : null}
      {overlay === "shortcuts" ? (
        <ShortcutSheet
          isOpen
          onOpenChange={close}
          groups={groups}
          isSingleKeyOn={isSingleKeyOn}
          onSingleKeyChange={setSingleKeyOn}
        />
      ) : null}
    </div>
  );
}

type TopBarProps = AppShellProps & { onOverlay: (overlay: "palette" | "shortcuts" | "drawer") => void };

function TopBar({ user, theme, draftIndicator, onSignOut, onOverlay }: TopBarProps) {
  return (
    <header className="sticky top-0 z-30 flex h-13 shrink-0 items-center gap-2 border-line border-b bg-canvas/90 px-4 backdrop-blur md:px-6">
      <Button
        variant="ghost"
        size="icon"
        className="-ml-2 md:hidden"
        aria-label="Open navigation"
        onClick={() => onOverlay("drawer")}
      >
        <Menu aria-hidden />
      </Button>
      <button
        type="button"
        onClick={() => onOverlay("palette")}
        className="flex h-8 min-w-0 items-center gap-2 rounded-md border border-line-strong bg-surface px-2.5 text-muted text-sm transition-colors hover:bg-hover hover:text-fg md:w-64"
      >
        <Search className="size-4 shrink-0" aria-hidden />
        <span className="truncate">Search</span>
        <span className="ml-auto hidden gap-1 md:flex" aria-hidden>
          <Kbd>⌘</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <div className="ml-auto flex min-w-0 items-center gap-2">
        {draftIndicator}
        <span className="hidden md:block">
          <ThemeSwitch initial={theme} />
        </span>
        <UserMenu user={user} onSignOut={onSignOut} onShortcuts={() => onOverlay("shortcuts")} />
      </div>
    </header>
  );
}
