"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { isCurrent, type NavGroup } from "#components/layout/nav-items.ts";
import { classNames } from "#components/ui/class-names.ts";

/** The console's navigation: real anchors in one `nav`. */
export function SidebarNav({ groups, onNavigate }: { groups: readonly NavGroup[]; onNavigate?: () => void }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="flex flex-col gap-4 text-sm">
      {groups.map((group) => (
        <div key={group.label ?? "first"}>
          {group.label ? <p className="mb-1 px-2 font-medium text-faint text-xs">{group.label}</p> : null}
          <ul className="flex flex-col gap-px">
            {group.items.map((entry) => {
              const current = isCurrent(pathname, entry.href);
              const Icon = entry.icon;
              return (
                <li key={entry.href}>
                  <Link
                    href={entry.href}
                    prefetch={false}
                    aria-current={current ? "page" : undefined}
                    {...(onNavigate ? { onClick: onNavigate } : {})}
                    className={classNames(
                      "focus-inset flex h-8 items-center gap-2.5 rounded-md px-2 text-muted transition-colors hover:bg-hover hover:text-fg max-md:h-10",
                      current && "bg-hover font-medium text-fg",
                    )}
                  >
                    <Icon
                      className={classNames("size-4 shrink-0", current ? "text-accent-text" : "text-faint")}
                      aria-hidden
                    />
                    {entry.label}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
