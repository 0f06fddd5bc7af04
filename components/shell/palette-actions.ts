import {
  CircleUser,
  Globe,
  KeyRound,
  LayoutTemplate,
  type LucideIcon,
  Server,
  Shield,
  Ticket,
  UserPlus,
  UsersRound,
} from "lucide-react";
import type { PaletteAction } from "#components/layout/palette-entry.ts";
import type { Permission } from "#lib/contract/permissions.ts";

type Deed = { label: string; href: string; icon: LucideIcon; permission: Permission; words: string };

const deeds: readonly Deed[] = [
  {
    label: "Create API key",
    href: "/api-keys?new=true",
    icon: KeyRound,
    permission: "apiKey.write",
    words: "issue secret",
  },
  {
    label: "Add consumer",
    href: "/consumers?new=true",
    icon: Globe,
    permission: "consumer.write",
    words: "create application",
  },
  { label: "Add team", href: "/teams?new=true", icon: UsersRound, permission: "team.write", words: "create tenant" },
  { label: "Add plan", href: "/plans/new", icon: Ticket, permission: "plan.write", words: "create limits" },
  {
    label: "Start from a template",
    href: "/templates",
    icon: LayoutTemplate,
    permission: "plan.write",
    words: "policy ready example gallery",
  },
  {
    label: "Add upstream",
    href: "/upstreams/new",
    icon: Server,
    permission: "upstream.write",
    words: "create provider",
  },
  { label: "Add member", href: "/members?new=true", icon: UserPlus, permission: "user.write", words: "invite user" },
  {
    label: "Create management token",
    href: "/management-tokens?new=true",
    icon: Shield,
    permission: "managementToken.write",
    words: "automation secret",
  },
  { label: "Your account", href: "/account", icon: CircleUser, permission: "me.read", words: "password sessions" },
];

/** What the palette offers to do, of what the permissions allow. */
export function paletteActions(permissions: readonly Permission[]): PaletteAction[] {
  return deeds
    .filter((deed) => permissions.includes(deed.permission))
    .map(({ label, href, icon, words }) => ({ id: href, label, href, icon, words }));
}
