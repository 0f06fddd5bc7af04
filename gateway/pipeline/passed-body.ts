import { isObject, parseJson } from "#gateway/dialects/json-fields.ts";
import type { Quirks } from "#gateway/providers/contract.ts";
import { NO_QUIRKS } from "#gateway/providers/make-adapter.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import type { BodyFacts } from "#gateway/stream/body-scanner.ts";
import { spliceBody, spliceText } from "#gateway/stream/splice-body.ts";
import { KNOWN_PARAMETERS } from "#lib/contract/known-parameters.ts";
import type { Call } from "./call.ts";

function isRenamed(facts: BodyFacts, { renames }: Quirks): boolean {
  for (const name of facts.parameters) if (renames[name] !== undefined) return true;
  return false;
}

/** Whether a vendor's ways ask for more of this body than another model. Hot path. */
function needsRewriting(facts: BodyFacts, quirks: Quirks): boolean {
  if (quirks === NO_QUIRKS) return false;
  if (quirks.omitsModel || isRenamed(facts, quirks)) return true;
  return !quirks.takesStreamOptions && facts.streamOptionsStart !== -1;
}

/**
 * A body as a vendor wants it who differs from the dialect: parameters under other names, fields added, the model left out.
 * A parameter that stands there under both names keeps the vendor's own.
 */
export function rewriteBody(
  body: Readonly<Record<string, unknown>>,
  quirks: Quirks,
): Readonly<Record<string, unknown>> {
  const written: Record<string, unknown> = { ...quirks.adds, ...body };
  if (quirks.omitsModel) delete written["model"];
  if (!quirks.takesStreamOptions) delete written["stream_options"];
  for (const name of KNOWN_PARAMETERS) {
    const renamed = quirks.renames[name];
    if (renamed === undefined || !Object.hasOwn(written, name)) continue;
    if (!Object.hasOwn(written, renamed)) written[renamed] = written[name];
    delete written[name];
  }
  return written;
}

/** The caller's body for a target that speaks the caller's dialect: every byte as it came, but for the model. Hot path. */
export function passedBody(call: Call, target: CompiledTarget, body: Buffer, facts: BodyFacts): Buffer {
  const { quirks } = target.upstream.provider;
  switch (facts.modelIn) {
    case "form":
      return spliceText(body, facts, target.model);
    case "path":
      return facts.modelStart === -1 ? body : spliceText(body, facts, JSON.stringify(`models/${target.model}`));
    case "body": {
      const isCounted = call.action === "chat.completions" || call.action === "completions";
      const wantsUsage = facts.stream && isCounted && quirks.takesStreamOptions;
      const spliced = spliceBody(body, facts, target.modelJson, wantsUsage);
      return needsRewriting(facts, quirks) ? rewritten(spliced, quirks) : spliced;
    }
  }
}

function rewritten(body: Buffer, quirks: Quirks): Buffer {
  const value = parseJson(body.toString());
  if (!isObject(value)) throw new Error("A body that was scanned does not parse");
  return Buffer.from(JSON.stringify(rewriteBody(value, quirks)));
}
