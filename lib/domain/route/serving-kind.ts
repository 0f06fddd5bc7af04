import { Prisma } from "#prisma/generated/client.ts";
import type { CacheRule } from "../../contract/cache-rule.ts";
import type { Guardrails } from "../../contract/guardrail.ts";
import type { HttpRule } from "../../contract/http-rule.ts";
import type { RouteKind } from "../../contract/policy-document.ts";
import { REST_PROVIDER } from "../../contract/providers.ts";
import type { Tx } from "../../db/client.ts";
import { DomainError, invalidField } from "../errors.ts";
import { requireRunnableGuardrails } from "./check-guardrails.ts";

interface Target {
  upstreamId: string;
  model: string;
}
interface Problem {
  pointer: string;
  code: string;
  detail: string;
}

/**
 * Checks what a version is served by against the kind of its route: every target's upstream is there, REST upstreams
 * serve REST routes and no others, a model's target names its model. Throws a 422 that names each target that does not
 * fit.
 */
export async function requireServable(
  tx: Tx,
  kind: RouteKind,
  fields: { targets: readonly Target[]; http: HttpRule | null; guardrails: Guardrails },
): Promise<void> {
  const known = await tx.upstream.findMany({
    where: { id: { in: fields.targets.map((target) => target.upstreamId) } },
    select: { id: true, provider: true },
  });
  const providers = new Map(known.map((row) => [row.id, row.provider]));
  const problems = fields.targets.flatMap((target, index) =>
    targetProblems(kind, target, providers.get(target.upstreamId), `/targets/${index}`),
  );
  if (kind === "http" && fields.http === null) {
    problems.push({ pointer: "/http", code: "required", detail: "A route of kind http needs its methods and paths." });
  }
  if (kind === "model" && fields.http !== null) {
    problems.push({ pointer: "/http", code: "not_allowed", detail: "Only a route of kind http has this." });
  }
  if (kind === "http" && fields.guardrails.length > 0) {
    const detail = "Guardrails read prompts; they do not work on routes of kind http.";
    problems.push({ pointer: "/guardrails", code: "not_supported", detail });
  }
  const [first] = problems;
  if (first !== undefined) throw new DomainError("invalid_request", first.detail, problems);
  await requireRunnableGuardrails(tx, fields.guardrails);
}

function targetProblems(kind: RouteKind, target: Target, provider: string | undefined, at: string): Problem[] {
  if (provider === undefined) {
    const detail = "There is no such upstream. Choose one from GET /upstreams.";
    return [{ pointer: `${at}/upstreamId`, code: "unknown_upstream", detail }];
  }
  if (kind === "http") {
    if (provider === REST_PROVIDER) return [];
    const detail = "A route of kind http is served by upstreams of the provider rest.";
    return [{ pointer: `${at}/upstreamId`, code: "wrong_provider", detail }];
  }
  if (provider === REST_PROVIDER) {
    const detail = "An upstream of the provider rest serves routes of kind http only.";
    return [{ pointer: `${at}/upstreamId`, code: "wrong_provider", detail }];
  }
  if (target.model !== "") return [];
  return [{ pointer: `${at}/model`, code: "too_small", detail: "must not be empty" }];
}

/** The name of a REST route is one segment of a path. */
export function requireServableName(kind: RouteKind, name: string): void {
  if (kind === "http" && name.includes("/")) {
    throw invalidField("/name", "invalid_name", "The name of a route of kind http must not contain a slash.");
  }
}

/** The version's rules as its row holds them: nothing rather than a JSON null. */
export function ruleColumns({ cache, http }: { cache: CacheRule | null; http: HttpRule | null }) {
  return { cache: cache ?? Prisma.DbNull, http: http ?? Prisma.DbNull };
}
