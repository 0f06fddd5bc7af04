import type { Guardrails } from "../../contract/guardrail.ts";
import type { Tx } from "../../db/client.ts";
import { compilePattern, PatternProblem } from "../../policy/guard-detect.ts";
import { DomainError } from "../errors.ts";

interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

/**
 * Throws a 422 that names each guardrail which could not run: a pattern that the nodes' own engine does not take, or a
 * webhook whose upstream the draft does not have.
 */
export async function requireRunnableGuardrails(tx: Tx, guardrails: Guardrails): Promise<void> {
  const problems = [...patternProblems(guardrails), ...(await webhookProblems(tx, guardrails))];
  if (problems.length > 0) throw new DomainError("invalid_request", "A guardrail could not run.", problems);
}

function patternProblems(guardrails: Guardrails): FieldProblem[] {
  return guardrails.flatMap((guard, index) =>
    guard.kind !== "pattern"
      ? []
      : guard.patterns.flatMap((source, place) => {
          const compiled = compilePattern(guard.name, source);
          if (!(compiled instanceof PatternProblem)) return [];
          const pointer = `/guardrails/${index}/patterns/${place}`;
          return [{ pointer, code: "invalid_pattern", detail: compiled.message }];
        }),
  );
}

async function webhookProblems(tx: Tx, guardrails: Guardrails): Promise<FieldProblem[]> {
  const wanted = guardrails.flatMap((guard) => (guard.kind === "webhook" ? [guard.upstreamId] : []));
  if (wanted.length === 0) return [];
  const known = new Set(
    (await tx.upstream.findMany({ where: { id: { in: wanted } }, select: { id: true } })).map((row) => row.id),
  );
  return guardrails.flatMap((guard, index) =>
    guard.kind !== "webhook" || known.has(guard.upstreamId)
      ? []
      : [
          {
            pointer: `/guardrails/${index}/upstreamId`,
            code: "unknown_upstream",
            detail: "There is no such upstream. Choose one from GET /upstreams.",
          },
        ],
  );
}
