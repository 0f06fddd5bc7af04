"use client";
import { CircleUser, Keyboard, LogOut } from "lucide-react";
import { useRouter } from "next/navigation";
import { Menu } from "#components/ui/menu.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

export type ShellUser = { name: string | null; email: string; role: string };

/** Who is signed in, the way to their account, the shortcut list, and the way out. */
export function UserMenu({
  user,
  onSignOut,
  onShortcuts,
}: {
  user: ShellUser;
  onSignOut: () => void;
  onShortcuts: () => void;
}) {
  const router = useRouter();
  const shown = user.name ?? user.email;
  return (
    <Menu
      className="w-60"
      button={
        <button
          type="button"
          aria-label={`Account: ${shown}`}
          className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent-text text-xs hover:brightness-95"
        >
          {initials(shown)}
        </button>
      }
      entries={[
        {
          kind: "heading",
          content: (
            <>
              {user.name ? <Truncate text={user.name} className="font-medium text-fg text-sm" /> : null}
              <Truncate text={user.email} />
              <span>Role: {user.role}</span>
            </>
          ),
        },
        { kind: "separator" },
        { kind: "item", label: "Your account", icon: CircleUser, onSelect: () => router.push("/account") },
        { kind: "item", label: "Keyboard shortcuts", icon: Keyboard, onSelect: onShortcuts },
        { kind: "item", label: "Sign out", icon: LogOut, onSelect: onSignOut },
      ]}
    />
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@._-]+/u).filter((word) => word !== "");
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}
