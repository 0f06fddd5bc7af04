import { healthSentences } from "#components/revisions/describe-health.ts";
import { limitSentence, limitSentences } from "#components/revisions/describe-limits.ts";
import { timeoutSentences } from "#components/revisions/describe-timeouts.ts";
import { optionFacts, providerLabel } from "#components/upstreams/provider-words.ts";
import type { UpstreamDocument } from "#lib/contract/policy-document.ts";

type Options = UpstreamDocument["options"];

function optionSentences(provider: string, from: Options, to: Options): string[] {
  const before = new Map(optionFacts(provider, from).map(({ label, value }) => [label, value]));
  const after = new Map(optionFacts(provider, to).map(({ label, value }) => [label, value]));
  const gone = [...before.keys()].filter((label) => !after.has(label)).map((label) => `No ${label} any more.`);
  const set = [...after].filter(([label, value]) => before.get(label) !== value);
  return [...set.map(([label, value]) => `${label}: ${value}.`), ...gone];
}

/** What changes in an upstream. `from` is null for a new one. */
export function describeUpstream(from: UpstreamDocument | null, to: UpstreamDocument): string[] {
  const privacy = to.allowPrivateNetwork
    ? "Nodes may call loopback and private addresses for it."
    : "Nodes may no longer call loopback and private addresses for it.";
  if (!from) {
    const address = `${providerLabel(to.provider)} at ${to.baseUrl}.`;
    return [
      address,
      ...optionSentences(to.provider, {}, to.options),
      ...(to.allowPrivateNetwork ? [privacy] : []),
      ...timeoutSentences({}, to.timeouts),
      ...healthSentences(null, to.health),
      ...to.rateLimits.map((limit) => limitSentence(limit, "upstream")),
    ];
  }
  return [
    ...(from.name === to.name ? [] : [`Called “${to.name}” instead of “${from.name}”.`]),
    ...(from.provider === to.provider
      ? []
      : [`Spoken to as ${providerLabel(to.provider)} instead of ${providerLabel(from.provider)}.`]),
    ...optionSentences(to.provider, from.options, to.options),
    ...(from.baseUrl === to.baseUrl ? [] : [`Called at ${to.baseUrl} instead of ${from.baseUrl}.`]),
    ...(from.allowPrivateNetwork === to.allowPrivateNetwork ? [] : [privacy]),
    ...(from.isDemo === to.isDemo ? [] : [to.isDemo ? "Marked as the demo." : "No longer marked as the demo."]),
    ...timeoutSentences(from.timeouts, to.timeouts),
    ...healthSentences(from.health, to.health),
    ...limitSentences(from.rateLimits, to.rateLimits, "upstream"),
  ];
}
