import { roleWords } from "#components/members/role-words.ts";
import type { SelectOption } from "#components/ui/select.tsx";
import { mayGrant, ROLES, type Role } from "#lib/contract/permissions.ts";

/** The roles that somebody with `own` may give, each with its sentence. */
export function grantableRoles(own: Role | null): SelectOption<Role>[] {
  return ROLES.filter((role) => own !== null && mayGrant(own, role)).map((role) => ({
    value: role,
    label: role[0]?.toUpperCase() + role.slice(1),
    hint: roleWords[role],
  }));
}
