import Link from "next/link";
import { Notice } from "#components/ui/notice.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";

/** Why a node refused the revision it is to run; nothing where it did not. */
export function RejectionNotice({ node }: { node: NodeView }) {
  const { rejected } = node;
  if (!rejected || rejected.revision !== node.wantedRevision) return null;
  return (
    <Notice
      tone="danger"
      title={`${node.name} refused revision ${rejected.revision} and stays on ${node.appliedRevision}`}
      action={
        <Link
          href={`/revisions/${rejected.revision}`}
          prefetch={false}
          className="shrink-0 font-medium text-accent-text hover:underline"
        >
          Revision
        </Link>
      }
    >
      {rejected.path ? <code className="text-xs">{rejected.path}</code> : null} {rejected.message}{" "}
      <span className="text-muted">({rejected.code})</span>
    </Notice>
  );
}
