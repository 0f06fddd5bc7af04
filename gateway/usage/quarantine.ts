import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { SpooledEvent } from "./event-source.ts";

/** Puts an event that the control plane refuses for good where a person finds it. */
export async function quarantineEvent(root: string, event: SpooledEvent): Promise<void> {
  await appendFile(join(root, "refused-events.jsonl"), Buffer.concat([event.payload, Buffer.from("\n")]), {
    mode: 0o600,
  });
}
