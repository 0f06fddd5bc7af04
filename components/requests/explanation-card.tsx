import { CircleCheck, CircleSlash, CircleX, type LucideIcon, ShieldX } from "lucide-react";
import { Card } from "#components/ui/card.tsx";
import { classNames } from "#components/ui/class-names.ts";
import type { RequestView } from "#lib/domain/request/schemas.ts";
import { explainRequest } from "./explain-request.ts";

const looks: Record<RequestView["outcome"], { icon: LucideIcon; tone: string }> = {
  ok: { icon: CircleCheck, tone: "text-success" },
  denied: { icon: ShieldX, tone: "text-warning" },
  error: { icon: CircleX, tone: "text-danger" },
  cancelled: { icon: CircleSlash, tone: "text-muted" },
  interrupted: { icon: CircleX, tone: "text-danger" },
};

/** On top of a call: why it ended as it did, in one sentence, and what to do about it. */
export function ExplanationCard({ call }: { call: RequestView }) {
  const { question, answer, remedy } = explainRequest(call);
  const { icon: Icon, tone } = looks[call.outcome];
  return (
    <Card className="mb-4 flex gap-3 px-4 py-3">
      <Icon aria-hidden className={classNames("mt-0.5 size-5 shrink-0", tone)} />
      <div className="min-w-0">
        <h2 className="text-muted text-sm">{question}</h2>
        <p className="break-words text-base">{answer}</p>
        {remedy ? <p className="mt-1 break-words text-muted text-sm">{remedy}</p> : null}
      </div>
    </Card>
  );
}
