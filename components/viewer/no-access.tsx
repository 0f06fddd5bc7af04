import { LockKeyhole } from "lucide-react";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** In place of a page that the viewer's role may not see. */
export function NoAccess({ what }: { what: string }) {
  return (
    <Card>
      <EmptyState icon={LockKeyhole} title={`${what} are not part of your role`}>
        An owner or admin of this organisation can change what your role may see.
      </EmptyState>
    </Card>
  );
}
