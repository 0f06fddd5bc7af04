import { createPrivateKey, sign } from "node:crypto";
import { canonicalJson } from "#lib/contract/canonical.ts";
import type { KeyAnnouncement } from "#lib/contract/node-protocol.ts";
import { type KnownIdentity, type NodeKeys, newSigningKey, publicHalf } from "./identity.ts";

const PATH = "/api/node/v1/key";
/** Nodes that joined together shall not change their keys together. */
const JITTER = 0.1;
const RETRY_MS = 60_000;

/**
 * Changes the node's signing key by itself: the next key is on disk before it is announced, in a request signed with the
 * present one, and in force only once the control plane has taken it. Whenever the process dies, the key on disk is one
 * that is taken: the control plane lets go of the present key when it first sees the next one used.
 */
export class KeyRotation {
  private readonly identity: KnownIdentity;
  private readonly post: (path: string, body: Buffer) => Promise<unknown>;
  private readonly everyMs: number;
  private readonly random: () => number;
  private readonly onChanged: () => void;
  private readonly onProblem: (error: unknown) => void;
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(options: {
    identity: KnownIdentity;
    post: (path: string, body: Buffer) => Promise<unknown>;
    everyMs: number;
    random: () => number;
    /** The node signs with another key from now on. */
    onChanged: () => void;
    onProblem: (error: unknown) => void;
  }) {
    this.identity = options.identity;
    this.post = options.post;
    this.everyMs = options.everyMs;
    this.random = options.random;
    this.onChanged = options.onChanged;
    this.onProblem = options.onProblem;
  }

  start(): void {
    const { nextSigningKey, keyMadeAt } = this.identity.current;
    const madeMs = keyMadeAt === undefined ? Number.NaN : Date.parse(keyMadeAt);
    const ageMs = Number.isFinite(madeMs) ? Math.max(0, Date.now() - madeMs) : 0;
    this.schedule(nextSigningKey === undefined ? Math.max(0, this.lifeMs() - ageMs) : 0);
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Changes the key now. Throws when the control plane is away or does not take it: the present key stays. */
  async rotate(): Promise<void> {
    const { current } = this.identity;
    const next = current.nextSigningKey ?? newSigningKey();
    if (current.nextSigningKey === undefined) await this.identity.replace({ ...current, nextSigningKey: next });
    await this.post(PATH, Buffer.from(JSON.stringify(announcement(current.nodeId, next))));
    const { nextSigningKey: _taken, ...kept } = this.identity.current;
    await this.identity.replace({ ...kept, signingKey: next, keyMadeAt: new Date().toISOString() });
    this.onChanged();
  }

  private lifeMs(): number {
    return this.everyMs * (1 + JITTER * (2 * this.random() - 1));
  }

  private schedule(waitMs: number): void {
    if (this.isStopped) return;
    // setTimeout counts in 32 bits.
    this.timer = setTimeout(() => void this.change(), Math.min(waitMs, 2 ** 31 - 1));
    this.timer.unref();
  }

  private async change(): Promise<void> {
    try {
      await this.rotate();
      this.schedule(this.lifeMs());
    } catch (error) {
      if (this.isStopped) return;
      this.onProblem(error);
      this.schedule(Math.min(RETRY_MS, this.lifeMs()));
    }
  }
}

function announcement(nodeId: string, key: NodeKeys["signingKey"]): KeyAnnouncement {
  const text = canonicalJson({ use: "turnpike-node-key", nodeId, x: key.x });
  const proof = sign(null, Buffer.from(text), createPrivateKey({ key: { ...key }, format: "jwk" }));
  return { signingKey: publicHalf(key), proof: proof.toString("base64url") };
}
