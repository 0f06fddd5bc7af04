import type { BodyFacts } from "./body-scanner.ts";

const ASK_USAGE = Buffer.from(',"stream_options":{"include_usage":true}');

/** Whether the caller itself asked for the usage event of a stream. */
export function asksForUsage(facts: BodyFacts): boolean {
  return facts.streamOptions?.include_usage === true;
}

function usageOptions(facts: BodyFacts): Buffer {
  return Buffer.from(JSON.stringify({ ...facts.streamOptions, include_usage: true }));
}

/** The body with a text in the place of the model's value, whatever stands around it: a form's part, a path's model. */
export function spliceText(body: Buffer, { modelStart, modelEnd }: BodyFacts, text: string): Buffer {
  return Buffer.concat([body.subarray(0, modelStart), Buffer.from(text), body.subarray(modelEnd)]);
}

/**
 * The body with the target's model in the place of the route's name and, where a stream's usage is wanted and the caller
 * did not ask for it, `stream_options.include_usage`. Every other byte is the caller's. Hot path.
 */
export function spliceBody(body: Buffer, facts: BodyFacts, modelJson: Buffer, wantsUsage: boolean): Buffer {
  const { modelStart, modelEnd, streamOptionsStart, streamOptionsEnd } = facts;
  const head = body.subarray(0, modelStart);
  const tail = body.subarray(modelEnd);
  if (!wantsUsage || asksForUsage(facts)) return Buffer.concat([head, modelJson, tail]);
  if (streamOptionsStart === -1) return Buffer.concat([head, modelJson, ASK_USAGE, tail]);
  const options = usageOptions(facts);
  if (streamOptionsStart > modelEnd) {
    const between = body.subarray(modelEnd, streamOptionsStart);
    return Buffer.concat([head, modelJson, between, options, body.subarray(streamOptionsEnd)]);
  }
  const before = body.subarray(0, streamOptionsStart);
  const between = body.subarray(streamOptionsEnd, modelStart);
  return Buffer.concat([before, options, between, modelJson, tail]);
}
