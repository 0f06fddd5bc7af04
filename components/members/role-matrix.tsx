import { Check } from "lucide-react";
import { Fragment } from "react";
import { permissionGroups, roleWords } from "#components/members/role-words.ts";
import { Card } from "#components/ui/card.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { ROLE_PERMISSIONS, ROLES, type Role, TEAM_SCOPED_ROLES } from "#lib/contract/permissions.ts";

const ownThings = new Set(["me.read", "me.write", "plan.read", "model.read"]);

/** What each role may do, in words: the very table that the control plane decides by. */
export function RoleMatrix() {
  return (
    <Card className="overflow-hidden">
      <ScrollRegion label="Roles and what they may do">
        <table className="w-full min-w-3xl border-collapse text-sm">
          <thead>
            <tr className="bg-subtle">
              <th
                scope="col"
                className="sticky left-0 z-10 w-72 min-w-36 bg-subtle max-md:w-36 px-3 py-2.5 text-left align-bottom font-medium text-muted text-xs"
              >
                May
              </th>
              {ROLES.map((role) => (
                <th key={role} scope="col" className="px-3 py-2.5 text-left align-top">
                  <span className="block font-semibold capitalize">{role}</span>
                  <span className="block text-balance font-normal text-muted text-xs">{roleWords[role]}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {permissionGroups.map((group) => (
              <Fragment key={group.subject}>
                <tr>
                  <th
                    scope="colgroup"
                    colSpan={ROLES.length + 1}
                    className="border-line border-y bg-canvas px-3 py-1.5 text-left font-medium text-muted text-xs"
                  >
                    <span className="sticky left-3">{group.subject}</span>
                  </th>
                </tr>
                {group.permissions.map(([permission, words]) => (
                  <tr key={permission} className="border-line border-b last:border-0 hover:bg-subtle">
                    <th scope="row" className="sticky left-0 bg-surface px-3 py-1.5 text-left font-normal">
                      {words}
                    </th>
                    {ROLES.map((role) => (
                      <td key={role} className="px-3 py-1.5 align-middle">
                        <Answer
                          role={role}
                          isGranted={ROLE_PERMISSIONS[role].has(permission)}
                          isPersonal={ownThings.has(permission)}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Card>
  );
}

function Answer({ role, isGranted, isPersonal }: { role: Role; isGranted: boolean; isPersonal: boolean }) {
  if (!isGranted) {
    return (
      <span className="text-faint">
        <span aria-hidden>–</span>
        <span className="sr-only">no</span>
      </span>
    );
  }
  return (
    <span className="flex items-center gap-1.5">
      <Check className="size-4 text-success" aria-hidden />
      {TEAM_SCOPED_ROLES.has(role) && !isPersonal ? (
        <span className="text-muted text-xs">own teams</span>
      ) : (
        <span className="sr-only">yes</span>
      )}
    </span>
  );
}
