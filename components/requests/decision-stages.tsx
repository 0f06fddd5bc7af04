import { CircleCheck, CircleX } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import type { RequestView } from "#lib/domain/request/schemas.ts";

const stageWords: Record<string, string> = {
  identify: "Who is calling",
  models: "Which models may be listed",
  readBody: "Reading the request",
  authorize: "May they call this",
  limit: "Is it within the limits",
  route: "Where it goes",
  forward: "Sending it on",
};

/** What each stage of policy said, by which rule and with which figures. */
export function DecisionStages({ call }: { call: RequestView }) {
  const { stages } = call.decision;
  if (stages.length === 0)
    return <p className="text-muted text-sm">No stage was recorded: the node stopped before the call was decided.</p>;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {stages.map((stage) => (
        <li key={stage.stage} className="flex gap-3 py-2.5 first:pt-0 last:pb-0">
          {stage.verdict === "allow" ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
          ) : (
            <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
          )}
          <div className="min-w-0 text-sm">
            <p className="flex flex-wrap items-center gap-x-2">
              <span className="font-medium">{stageWords[stage.stage] ?? stage.stage}</span>
              <code className="text-faint text-xs">{stage.stage}</code>
              <Badge tone={stage.verdict === "allow" ? "success" : "danger"}>
                {stage.verdict === "allow" ? "allowed" : "refused"}
              </Badge>
            </p>
            <p className="break-words text-muted">{stage.rule}</p>
            <Facts facts={stage.facts ?? {}} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Facts({ facts }: { facts: Record<string, string | number | boolean | null> }) {
  const entries = Object.entries(facts);
  if (entries.length === 0) return null;
  return (
    <dl className="num mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      {entries.map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-1">
          <dt className="text-faint">{name}</dt>
          <dd className="min-w-0 break-all">{value === null ? "–" : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
