import { HEALTH_FIELDS } from "#components/upstreams/health-values.ts";
import { HEALTH_DEFAULT, type HealthPolicy } from "#lib/contract/health-check.ts";

/** What changes in an upstream's health settings, one sentence each; against the defaults for a new upstream. */
export function healthSentences(from: HealthPolicy | null, to: HealthPolicy): string[] {
  const before = from ?? HEALTH_DEFAULT;
  const sentences = HEALTH_FIELDS.flatMap(({ key, label, suffix = "" }) => {
    if (before[key] === to[key]) return [];
    const unit = suffix === "" || suffix === "%" ? suffix : ` ${suffix}`;
    return [`${label}: ${to[key]}${unit} instead of ${before[key]}${unit}.`];
  });
  if (before.whenAllOut !== to.whenAllOut) {
    sentences.push(
      to.whenAllOut === "try"
        ? "Tried all the same when every target of a route is out of service."
        : "No longer tried when every target of a route is out of service.",
    );
  }
  if (JSON.stringify(before.probe) !== JSON.stringify(to.probe)) sentences.push(probeSentence(to.probe));
  return sentences;
}

function probeSentence({ kind, path, intervalSeconds, timeoutMs, sendsCredential }: HealthPolicy["probe"]): string {
  if (kind === "off") return "Not probed.";
  const times = `every ${intervalSeconds} s, failing after ${timeoutMs} ms`;
  if (kind === "connect") return `Probed by connecting ${times}, while it cannot be reached.`;
  return `Probed at ${path} ${times}, ${sendsCredential ? "with" : "without"} the credential.`;
}
