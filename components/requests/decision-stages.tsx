import { CircleCheck, CircleX } from "lucide-react";
import { factLabel, factValue, namesIn, stageRule, stageTitle } from "#components/requests/stage-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import type { RequestView } from "#lib/domain/request/schemas.ts";

/** What each stage of policy said, by which rule and with which figures. */
export function DecisionStages({ call }: { call: RequestView }) {
  const { stages } = call.decision;
  if (stages.length === 0)
    return <p className="text-muted text-sm">No stage was recorded: the node stopped before the call was decided.</p>;
  const names = namesIn(call);
  return (
    <ol className="flex flex-col divide-y divide-line">
      {stages.map((stage) => (
        // Some stages stand there more than once, with other figures.
        <li key={JSON.stringify(stage)} className="flex gap-3 py-2.5 first:pt-0 last:pb-0">
          {stage.verdict === "allow" ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
          ) : (
            <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
          )}
          <div className="min-w-0 text-sm">
            <p className="flex flex-wrap items-center gap-x-2">
              <span className="font-medium">{stageTitle(stage)}</span>
              <code className="text-faint text-xs">{stage.stage}</code>
              <Badge tone={stage.verdict === "allow" ? "success" : "danger"}>
                {stage.verdict === "allow" ? "allowed" : "refused"}
              </Badge>
            </p>
            <p className="break-words text-muted">{stageRule(stage, names)}</p>
            <Facts facts={stage.facts ?? {}} names={names} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Facts({
  facts,
  names,
}: {
  facts: Record<string, string | number | boolean | null>;
  names: ReadonlyMap<string, string>;
}) {
  const entries = Object.entries(facts);
  if (entries.length === 0) return null;
  return (
    <dl className="num mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      {entries.map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-1">
          <dt className="text-faint">{factLabel(name)}</dt>
          <dd className="min-w-0 break-all">{factValue(value, names)}</dd>
        </div>
      ))}
    </dl>
  );
}
