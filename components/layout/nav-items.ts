import {
  ChartColumn,
  FileClock,
  FileCode2,
  GitCommitHorizontal,
  Globe,
  KeyRound,
  LayoutDashboard,
  LayoutTemplate,
  Library,
  type LucideIcon,
  Route,
  ScrollText,
  Server,
  Shield,
  SquareTerminal,
  Ticket,
  Users,
  UsersRound,
} from "lucide-react";
import type { Permission } from "#lib/contract/permissions.ts";

/** One page in the navigation. */
export type NavItem = {
  label: string;
  href: string;
  icon: LucideIcon;
  /** The letter after `g`. */
  shortcut: string;
  /** Shown where the viewer has at least one of these; everybody sees an item that asks for none. */
  anyPermission: readonly Permission[];
  /** Further words the palette finds it by. */
  words: string;
};

/** Items under one heading. */
export type NavGroup = { label: string | null; items: readonly NavItem[] };

/** The console's pages in the order of the sidebar. */
export const navGroups: readonly NavGroup[] = [
  {
    label: null,
    items: [item("Overview", "/overview", LayoutDashboard, "o", ["usage.read"], "home dashboard traffic")],
  },
  {
    label: "Access",
    items: [
      item("Consumers", "/consumers", Globe, "c", ["consumer.read"], "applications clients"),
      item("Teams", "/teams", UsersRound, "t", ["team.read"], "tenants"),
      item("API keys", "/api-keys", KeyRound, "k", ["apiKey.read"], "secrets issue revoke rotate"),
      item("Plans", "/plans", Ticket, "p", ["plan.read"], "rate limits quotas budgets"),
    ],
  },
  {
    label: "Traffic",
    items: [
      item("Upstreams", "/upstreams", Server, "u", ["upstream.read"], "providers credentials models"),
      item("Routes", "/routes", Route, "r", ["route.read"], "models versions targets weights"),
      item(
        "Draft and revisions",
        "/revisions",
        GitCommitHorizontal,
        "d",
        ["revision.read"],
        "publish rollback history",
      ),
      item("Templates", "/templates", LayoutTemplate, "e", ["draft.read"], "ready policies examples start gallery"),
      item("Catalogue", "/catalogue", Library, "l", ["model.read"], "models prices context window modalities"),
      item("Nodes", "/nodes", SquareTerminal, "n", ["node.read"], "gateways drain join"),
    ],
  },
  {
    label: "Insight",
    items: [
      item("Requests", "/requests", FileClock, "q", ["request.read"], "calls log explorer"),
      item("Usage & cost", "/usage", ChartColumn, "s", ["usage.read"], "spend tokens money"),
      item("Audit", "/audit", ScrollText, "a", ["audit.read"], "who changed what"),
    ],
  },
  {
    label: "Settings",
    items: [
      item("Members", "/members", Users, "m", ["user.read"], "users roles invite"),
      item("Management tokens", "/management-tokens", Shield, "x", ["managementToken.read"], "automation tpm"),
      item("API reference", "/docs/api", FileCode2, "i", [], "openapi rest documentation"),
    ],
  },
];

function item(
  label: string,
  href: string,
  icon: LucideIcon,
  shortcut: string,
  anyPermission: readonly Permission[],
  words: string,
): NavItem {
  return { label, href, icon, shortcut, anyPermission, words };
}

/** The groups with what the permissions leave of them; a group left empty is gone. */
export function visibleGroups(permissions: readonly string[]): NavGroup[] {
  return navGroups
    .map((group) => ({
      ...group,
      items: group.items.filter(
        (entry) => entry.anyPermission.length === 0 || entry.anyPermission.some((name) => permissions.includes(name)),
      ),
    }))
    .filter((group) => group.items.length > 0);
}

/** Whether a page is the item's own or lies under it. */
export function isCurrent(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
