"use client";
import { LoaderCircle } from "lucide-react";
import { countdownWords, useCountdown } from "#components/nodes/use-countdown.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useJoinTokens } from "#lib/query/join-tokens.ts";
import { useNodes } from "#lib/query/nodes.ts";

const pollMs = 2_000;
/** A token that lasts longer is not worth counting down. */
const HOUR_SECONDS = 3_600;

/** The command to start a node with, how long its token is good for, and whether the node has joined. */
export function JoinCommand({ issued }: { issued: { id: string; name: string; expiresAt: string; secret: string } }) {
  const left = useCountdown(issued.expiresAt);
  const { data: tokens } = useJoinTokens({ everyMs: left > 0 ? pollMs : false });
  const token = tokens?.data.find((candidate) => candidate.id === issued.id);
  const origin = window.location.origin;
  const variables = `TURNPIKE_CONTROL_URL=${origin} TURNPIKE_JOIN_TOKEN=${issued.secret}`;
  return (
    <div className="flex flex-col gap-3">
      <CodeBlock
        label="Start a node"
        samples={[
          { language: "npm", code: `${variables} npm run gateway` },
          {
            language: "env",
            code: `TURNPIKE_CONTROL_URL=${origin}\nTURNPIKE_JOIN_TOKEN=${issued.secret}\nGATEWAY_PORT=8080`,
          },
        ]}
      />
      <JoinStanding nodeId={token?.nodeId ?? null} left={left} />
    </div>
  );
}

function JoinStanding({ nodeId, left }: { nodeId: string | null; left: number }) {
  const { data: nodes } = useNodes({ everyMs: nodeId === null ? false : pollMs });
  if (nodeId !== null) {
    const node = nodes?.find((candidate) => candidate.id === nodeId);
    return (
      <Notice tone="success" title={node ? `“${node.name}” has joined` : "The node has joined"}>
        {node?.state === "serving" ? `It serves revision ${node.appliedRevision}.` : "It is taking up the policy."}
      </Notice>
    );
  }
  if (left === 0) {
    return (
      <Notice tone="warning" title="The token has expired">
        No node joined with it. Close this and make another one.
      </Notice>
    );
  }
  return (
    <p role="status" className="flex items-center gap-2 text-muted text-sm">
      <LoaderCircle className="size-4 animate-spin" aria-hidden />
      Waiting for the node.
      {left > HOUR_SECONDS ? null : (
        <span aria-hidden className="num ml-auto">
          expires in {countdownWords(left)}
        </span>
      )}
    </p>
  );
}
