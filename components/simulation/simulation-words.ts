import { formatMoney } from "#components/format/money.ts";
import { exactNumber } from "#components/format/number.ts";
import { formatTimestamp } from "#components/format/time.ts";
import type { SimulationView } from "#lib/domain/simulation/schemas.ts";

export interface SimulatedSentence {
  readonly tone: "info" | "success" | "warning" | "danger";
  readonly text: string;
}

const calls = (count: number): string => `${exactNumber(count)} ${count === 1 ? "call" : "calls"}`;

/** `3 × rate_limit_exceeded, 1 × model_not_allowed`, most first. */
export function reasonsInWords(byReason: Readonly<Record<string, number>>): string {
  return Object.entries(byReason)
    .map(([reason, count]) => `${exactNumber(count)} × ${reason}`)
    .join(", ");
}

/** What a simulation found, most urgent first. */
export function simulationSentences(result: SimulationView): SimulatedSentence[] {
  const found = [...refusals(result), ...result.versions.map(versionSentence), ...routing(result)];
  const isSame = found.length === 0 && result.cost.before === result.cost.after;
  if (isSame)
    return [{ tone: "success", text: `The draft changes nothing for the ${calls(result.calls)} of this time.` }];
  return [...found, cost(result)];
}

function refusals({ denied: { newly }, admitted }: SimulationView): SimulatedSentence[] {
  const sentences: SimulatedSentence[] = [];
  if (newly.count > 0) {
    const who = newly.consumers === 1 ? "one consumer" : `${exactNumber(newly.consumers)} consumers`;
    const text = `${calls(newly.count)} of ${who} would be refused that are served now: ${reasonsInWords(newly.byReason)}.`;
    sentences.push({ tone: "danger", text });
  }
  if (admitted.count > 0) {
    const text = `${calls(admitted.count)} would be served that are refused now: ${reasonsInWords(admitted.byReason)}.`;
    sentences.push({ tone: "info", text });
  }
  return sentences;
}

function versionSentence(lost: SimulationView["versions"][number]): SimulatedSentence {
  const { route, version, becomes, to, at, consumerCount, calls: count } = lost;
  const who = `${calls(count)} of ${consumerCount === 1 ? "one consumer" : `${exactNumber(consumerCount)} consumers`}`;
  const name = `${route}@${version}`;
  switch (becomes) {
    case "retired":
      return { tone: "danger", text: `${name} would answer 410 to ${who}.` };
    case "gone":
      return { tone: "danger", text: `${name} would be gone: ${who} would not find it.` };
    case "moved":
      return { tone: "info", text: `${who} would move from ${name} to ${to}.` };
    case "sunset": {
      const when = at === null ? "later" : `on ${formatTimestamp(Date.parse(at))}`;
      return { tone: "warning", text: `${name} would retire ${when}; ${who} used it.` };
    }
  }
}

function routing({ rerouted }: SimulationView): SimulatedSentence[] {
  if (rerouted.count === 0) return [];
  return [{ tone: "info", text: `${calls(rerouted.count)} would be answered by another upstream or model.` }];
}

function cost({ cost: { before, after, unpriced, admittedEstimate } }: SimulationView): SimulatedSentence {
  const more = Number(after) - Number(before);
  const word = more > 0 ? "more" : "less";
  const change =
    Number(before) === 0 || more === 0 ? "" : `, ${Math.abs(Math.round((more / Number(before)) * 100))} % ${word}`;
  const unknown = unpriced > 0 ? ` ${calls(unpriced)} have no known price.` : "";
  const added =
    Number(admittedEstimate) > 0 ? ` Calls that are refused now would add about ${formatMoney(admittedEstimate)}.` : "";
  return {
    tone: more > 0 ? "warning" : "info",
    text: `They would cost ${formatMoney(after)} instead of ${formatMoney(before)}${change}.${unknown}${added}`,
  };
}
