import { EventStreamCodec } from "@smithy/core/event-streams";
import type { JsonObject } from "../json.ts";

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

const text = (value: string) => ({ type: "string" as const, value });

/** One event of AWS's binary event stream, as ConverseStream sends it. */
export function eventFrame(type: string, fields: JsonObject): Buffer {
  const headers = {
    ":event-type": text(type),
    ":content-type": text("application/json"),
    ":message-type": text("event"),
  };
  return Buffer.from(codec.encode({ headers, body: Buffer.from(JSON.stringify(fields)) }));
}
