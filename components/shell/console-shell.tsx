"use client";
import { type ReactNode, useMemo } from "react";
import { AppShell } from "#components/layout/app-shell.tsx";
import type { Theme } from "#components/layout/theme.ts";
import { DraftIndicator } from "#components/shell/draft-indicator.tsx";
import { paletteActions } from "#components/shell/palette-actions.ts";
import { searchResources } from "#components/shell/search-resources.ts";
import { toast } from "#components/ui/toast.ts";
import { ViewerProvider } from "#components/viewer/viewer.tsx";
import type { MeView } from "#lib/domain/me/schemas.ts";
import { signOut } from "#lib/query/session.ts";

/** The frame of the console for the person who is signed in: only what their role leaves is in it. */
export function ConsoleShell({ viewer, theme, children }: { viewer: MeView; theme: Theme; children: ReactNode }) {
  const actions = useMemo(() => paletteActions(viewer.permissions), [viewer.permissions]);
  const search = useMemo(() => searchResources(viewer.permissions), [viewer.permissions]);
  return (
    <ViewerProvider viewer={viewer}>
      <AppShell
        user={{
          name: viewer.user?.name ?? null,
          email: viewer.user?.email ?? viewer.actor.name,
          role: viewer.role ?? "none",
        }}
        permissions={viewer.permissions}
        theme={theme}
        onSignOut={() => void leave()}
        draftIndicator={viewer.permissions.includes("draft.read") ? <DraftIndicator /> : null}
        paletteActions={actions}
        searchResources={search}
      >
        {children}
      </AppShell>
    </ViewerProvider>
  );
}

async function leave(): Promise<void> {
  try {
    await signOut();
  } catch {
    toast.error("You are still signed in", { description: "The control plane did not answer. Try again." });
  }
}
