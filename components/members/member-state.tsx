"use client";
import { StatusDot } from "#components/ui/badge.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { UserView } from "#lib/domain/user/schemas.ts";

/** Whether a person may sign in, in a word. */
export function MemberState({ user }: { user: Pick<UserView, "disabled" | "lockedUntil"> }) {
  const nowMs = useNow();
  if (user.disabled) return <StatusDot tone="neutral">Disabled</StatusDot>;
  const isLocked = user.lockedUntil !== null && nowMs !== null && Date.parse(user.lockedUntil) > nowMs;
  return isLocked ? <StatusDot tone="warning">Paused</StatusDot> : <StatusDot tone="success">Active</StatusDot>;
}
