import type { FieldError } from "../errors.ts";
import type { Present } from "./present.ts";
import type { Declaration } from "./schemas.ts";
import { segment } from "./thing.ts";

/** Names in a declaration that nothing has: neither the declaration itself nor what there is already. */
export function referenceProblems(declaration: Declaration, present: Present): FieldError[] {
  const upstreams = new Set([...Object.keys(declaration.upstreams), ...present.upstreamIds.keys()]);
  const plans = new Set([...Object.keys(declaration.plans), ...present.planIds.keys()]);
  const teams = new Set([...declaration.teams, ...present.teamIds.keys()]);
  const problems: FieldError[] = [];
  const check = (known: ReadonlySet<string>, name: string, noun: string, pointer: string) => {
    if (known.has(name)) return;
    const detail = `There is no ${noun} "${name}". Declare it, or check its spelling.`;
    problems.push({ pointer, code: `unknown_${noun}`, detail });
  };
  for (const [name, { versions }] of Object.entries(declaration.routes)) {
    for (const [number, { targets, guardrails }] of Object.entries(versions)) {
      const at = `/routes${segment(name)}/versions${segment(number)}`;
      targets.forEach(({ upstream }, index) => {
        check(upstreams, upstream, "upstream", `${at}/targets/${index}/upstream`);
      });
      guardrails.forEach((guard, index) => {
        if (guard.kind === "webhook")
          check(upstreams, guard.upstream, "upstream", `${at}/guardrails/${index}/upstream`);
      });
    }
  }
  declaration.consumers.forEach(({ team, plan }, index) => {
    check(teams, team, "team", `/consumers/${index}/team`);
    check(plans, plan, "plan", `/consumers/${index}/plan`);
  });
  return problems;
}
