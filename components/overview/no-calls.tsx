import { Activity } from "lucide-react";
import Link from "next/link";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

const firstCall =
  'curl $GATEWAY/v1/chat/completions -H "authorization: Bearer $KEY" -H "content-type: application/json" -d \'{"model":"demo","messages":[{"role":"user","content":"Hello"}]}\'';

/** In place of charts without anything in them. */
export function NoCalls({ mayIssueKeys }: { mayIssueKeys: boolean }) {
  return (
    <Card>
      <EmptyState
        icon={Activity}
        title="No calls in this range"
        action={
          mayIssueKeys ? (
            <Link href="/api-keys?new=true" prefetch={false} className={buttonClasses({ variant: "primary" })}>
              Create API key
            </Link>
          ) : null
        }
        code={firstCall}
      >
        Calls show here within seconds. Choose a longer range, or issue a key and make one.
      </EmptyState>
    </Card>
  );
}
