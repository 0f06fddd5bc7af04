import { formatPercent } from "#components/format/number.ts";
import { formatUtc } from "#components/format/time.ts";
import type { UpstreamNames } from "#components/revisions/describe-change.ts";
import { brownoutSentences, guardrailSentences } from "#components/revisions/describe-guardrails.ts";
import { limitSentences } from "#components/revisions/describe-limits.ts";
import { cacheSentences, httpSentences } from "#components/revisions/describe-serving.ts";
import { timeoutSentences } from "#components/revisions/describe-timeouts.ts";
import { retryReasonWords, strategyWords } from "#components/routes/strategy-words.ts";
import { sharesOf } from "#components/routes/target-shares.ts";
import type { RouteDocument, RouteVersionDocument } from "#lib/contract/policy-document.ts";

/** What changes in a route. `from` is null for a new one. */
export function describeRoute(from: RouteDocument | null, to: RouteDocument, upstreams: UpstreamNames): string[] {
  const before = new Map(from?.versions.map((version) => [version.version, version]));
  const after = new Set(to.versions.map((version) => version.version));
  const sentences: string[] = [];
  if (from && from.name !== to.name) sentences.push(`Called “${to.name}” instead of “${from.name}”.`);
  if (from && from.defaultVersion !== to.defaultVersion)
    sentences.push(`Calls without a pin get ${to.defaultVersion} instead of ${from.defaultVersion}.`);
  sentences.push(...limitSentences(from?.rateLimits ?? [], to.rateLimits, "route"));
  for (const version of to.versions) {
    const old = before.get(version.version);
    sentences.push(...(old ? versionSentences(old, version, upstreams) : newVersion(version, upstreams)));
  }
  for (const { version } of from?.versions ?? []) {
    if (!after.has(version)) sentences.push(`${version} is gone: calls that pin it get 404.`);
  }
  return sentences;
}

function newVersion(version: RouteVersionDocument, upstreams: UpstreamNames): string[] {
  const shares = sharesOf(version.strategy, version.targets);
  const targets = version.targets.map((target, index) => targetWords(target, shares[index] ?? 0, upstreams));
  return [
    `${version.version} is new, served ${strategyWords(version.strategy)} by ${targets.join(", ")}.`,
    ...timeoutSentences({}, version.timeouts).map((sentence) => `${version.version}: ${sentence}`),
    ...(version.onNotCarried === "drop" ? [`${version.version}: ${notCarriedWords(version)}`] : []),
    ...[
      ...guardrailSentences(null, version),
      ...cacheSentences(null, version),
      ...httpSentences(null, version.http),
    ].map((sentence) => `${version.version}: ${sentence}`),
  ];
}

type Target = RouteVersionDocument["targets"][number];

function targetName({ upstreamId, model }: Target, upstreams: UpstreamNames): string {
  const upstream = upstreams.get(upstreamId) ?? upstreamId;
  return model === "" ? upstream : `${model} at ${upstream}`;
}

/** What a target gets; without a share it is out of service, or serves while those before it are. */
function shareWords({ weight, priority }: Pick<Target, "weight" | "priority">, share: number): string {
  if (weight === 0) return "out of service";
  return share === 0 ? `fallback of priority ${priority}` : formatPercent(share);
}

function targetWords(target: Target, share: number, upstreams: UpstreamNames): string {
  return `${targetName(target, upstreams)} (${shareWords(target, share)})`;
}

function versionSentences(from: RouteVersionDocument, to: RouteVersionDocument, upstreams: UpstreamNames): string[] {
  const sentences = [...lifeSentences(from, to)];
  if (from.strategy !== to.strategy)
    sentences.push(`served ${strategyWords(to.strategy)} instead of ${strategyWords(from.strategy)}.`);
  if (to.strategy === "consistent_hash" && from.hashBy !== to.hashBy)
    sentences.push(`kept together by ${to.hashBy} instead of ${from.hashBy}.`);
  sentences.push(...targetSentences(from, to, upstreams));
  if (from.retry.attempts !== to.retry.attempts)
    sentences.push(`at most ${to.retry.attempts} attempts instead of ${from.retry.attempts}.`);
  if (retryWords(from) !== retryWords(to)) sentences.push(`tried again after ${retryWords(to)}.`);
  sentences.push(...timeoutSentences(from.timeouts, to.timeouts));
  if (from.onNotCarried !== to.onNotCarried) sentences.push(notCarriedWords(to));
  sentences.push(...guardrailSentences(from, to), ...brownoutSentences(from, to));
  sentences.push(...cacheSentences(from, to), ...httpSentences(from.http, to.http));
  return sentences.map((sentence) => `${to.version}: ${sentence}`);
}

function retryWords({ retry }: RouteVersionDocument): string {
  return retry.on === undefined
    ? "anything that may be"
    : retry.on.map((reason) => retryReasonWords[reason]).join(", ");
}

function notCarriedWords({ onNotCarried }: RouteVersionDocument): string {
  return onNotCarried === "drop"
    ? "a parameter that a target does not know is left out."
    : "a parameter that a target does not know is refused.";
}

function lifeSentences(from: RouteVersionDocument, to: RouteVersionDocument): string[] {
  const instead = to.successor === null ? "" : `, with ${to.successor} as its successor`;
  if (from.status !== to.status) {
    if (to.status === "active") return ["active again."];
    if (to.status === "retired") return [`retired: calls that pin it get 410${instead}.`];
    return [`deprecated${to.sunsetAt === null ? "" : `, sunset ${formatUtc(Date.parse(to.sunsetAt))}`}${instead}.`];
  }
  const sentences: string[] = [];
  if (from.sunsetAt !== to.sunsetAt)
    sentences.push(to.sunsetAt === null ? "no sunset any more." : `sunset ${formatUtc(Date.parse(to.sunsetAt))}.`);
  if (from.successor !== to.successor)
    sentences.push(to.successor === null ? "no successor any more." : `${to.successor} is its successor.`);
  return sentences;
}

function targetSentences(from: RouteVersionDocument, to: RouteVersionDocument, upstreams: UpstreamNames): string[] {
  const before = sharesByName(from, upstreams);
  const after = sharesByName(to, upstreams);
  const sentences: string[] = [];
  for (const [name, words] of after) {
    const old = before.get(name);
    if (old === undefined) sentences.push(`${name} is added (${words}).`);
    else if (old !== words) sentences.push(`${name}: ${words} instead of ${old}.`);
  }
  for (const name of before.keys()) if (!after.has(name)) sentences.push(`${name} is taken out.`);
  return sentences;
}

/** What each model at each upstream gets, in words; one that is there twice counts once. */
function sharesByName({ strategy, targets }: RouteVersionDocument, upstreams: UpstreamNames): Map<string, string> {
  const shares = sharesOf(strategy, targets);
  const sums = new Map<string, { share: number; weight: number; priority: number }>();
  for (const [index, target] of targets.entries()) {
    const name = targetName(target, upstreams);
    const { share, weight, priority } = sums.get(name) ?? { share: 0, weight: 0, priority: target.priority };
    sums.set(name, {
      share: share + (shares[index] ?? 0),
      weight: weight + target.weight,
      priority: Math.min(priority, target.priority),
    });
  }
  return new Map([...sums].map(([name, { share, ...target }]) => [name, shareWords(target, share)]));
}
