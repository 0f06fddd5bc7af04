import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** A Lua script: sent by its hash, and whole where the server has forgotten it. */
export class Script {
  private readonly text: string;
  private readonly sha1: string;

  constructor(text: string) {
    this.text = text;
    this.sha1 = createHash("sha1").update(text).digest("hex");
  }

  /** Makes the server know it. */
  async load(redis: Redis): Promise<void> {
    await redis.script("LOAD", this.text);
  }

  /** Runs it. Rejects with what the server or the connection says. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.call("EVALSHA", this.sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
      return await redis.call("EVAL", this.text, keys.length, ...keys, ...args);
    }
  }
}
