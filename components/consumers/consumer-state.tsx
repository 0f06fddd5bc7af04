import { StatusDot } from "#components/ui/badge.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";

/** Whether a consumer may call at all, in a word. */
export function ConsumerState({ consumer }: { consumer: Pick<ConsumerView, "suspended"> }) {
  return consumer.suspended ? (
    <StatusDot tone="danger">Suspended</StatusDot>
  ) : (
    <StatusDot tone="success">Active</StatusDot>
  );
}
