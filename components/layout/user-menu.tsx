"use client";
import { Keyboard, LogOut } from "lucide-react";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

export type ShellUser = { name: string | null; email: string; role: string };

/** Who is signed in, the shortcut list, and the way out. */
export function UserMenu({
  user,
  onSignOut,
  onShortcuts,
}: {
  user: ShellUser;
  onSignOut: () => void;
  onShortcuts: () => void;
}) {
  const shown = user.name ?? user.email;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Account: ${shown}`}
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent-text text-xs hover:brightness-95"
      >
        {initials(shown)}
      </DropdownMenuTrigger>
      <DropdownMenuContent className="w-60">
        <DropdownMenuLabel>
          {user.name ? <Truncate text={user.name} className="font-medium text-fg text-sm" /> : null}
          <Truncate text={user.email} />
          <span>Role: {user.role}</span>
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={onShortcuts}>
          <Keyboard aria-hidden />
          Keyboard shortcuts
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={onSignOut}>
          <LogOut aria-hidden />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@._-]+/u).filter((word) => word !== "");
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}
