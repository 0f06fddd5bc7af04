import { formatUtc } from "#components/format/time.ts";
import { guardrailWords } from "#components/routes/guardrail-words.ts";
import type { RouteVersionDocument } from "#lib/contract/policy-document.ts";

type Guarded = Pick<RouteVersionDocument, "guardrails">;

/** What changes in the guardrails of a version. `from` is null for a new one. */
export function guardrailSentences(from: Guarded | null, to: Guarded): string[] {
  const before = new Map((from?.guardrails ?? []).map((guard) => [guard.name, guard]));
  const after = new Set((to.guardrails ?? []).map(({ name }) => name));
  const sentences: string[] = [];
  for (const guard of to.guardrails ?? []) {
    const old = before.get(guard.name);
    if (old === undefined) sentences.push(`the guardrail “${guard.name}” is new: it ${guardrailWords(guard)}.`);
    else if (JSON.stringify(old) !== JSON.stringify(guard)) {
      const [was, is] = [guardrailWords(old), guardrailWords(guard)];
      sentences.push(
        was === is
          ? `the guardrail “${guard.name}” is changed: it ${is}.`
          : `the guardrail “${guard.name}” ${is}; before, it ${was}.`,
      );
    }
  }
  for (const name of before.keys()) if (!after.has(name)) sentences.push(`the guardrail “${name}” is gone.`);
  return sentences;
}

/** What changes in the brown-outs of a version. */
export function brownoutSentences(from: RouteVersionDocument, to: RouteVersionDocument): string[] {
  const [before, after] = [from.brownouts ?? [], to.brownouts ?? []];
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (after.length === 0) return ["no brown-outs any more."];
  const times = after.map(
    ({ startsAt, durationSeconds }) => `${formatUtc(Date.parse(startsAt))} for ${durationSeconds} s`,
  );
  return [`brown-outs, in which it answers 410: ${times.join("; ")}.`];
}
