import { SearchX } from "lucide-react";
import Link from "next/link";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** A thing that does not exist, or is not the viewer's to know of. */
export default function NotFound() {
  return (
    <Card>
      <EmptyState
        icon={SearchX}
        title="There is no such thing here"
        action={
          <Link href="/overview" className={buttonClasses()}>
            To the overview
          </Link>
        }
      >
        It may have been deleted, or it belongs to a team you are not part of.
      </EmptyState>
    </Card>
  );
}
