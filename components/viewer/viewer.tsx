"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { Permission } from "#lib/contract/permissions.ts";
import type { MeView } from "#lib/domain/me/schemas.ts";

const ViewerContext = createContext<MeView | null>(null);

/** Makes the signed-in person known to everything inside. The verbs decide for themselves; this decides what is offered. */
export function ViewerProvider({ viewer, children }: { viewer: MeView; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

/** Who is signed in. */
export function useViewer(): MeView {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error("useViewer needs the console's layout around it");
  return viewer;
}

/** Whether the signed-in person may do something: what they may not is not offered. */
export function useMay(permission: Permission): boolean {
  return useViewer().permissions.includes(permission);
}
