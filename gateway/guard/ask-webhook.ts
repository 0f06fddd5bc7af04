import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { UpstreamClient, UpstreamFailure, UpstreamSink } from "#gateway/upstream/sink.ts";
import type { CompiledWebhook } from "./compiled-guards.ts";

/** The longest answer that is read. */
const ANSWER_BYTES_MAX = 65_536;

/** What a guard server answers with status 200. */
const Verdict = z.discriminatedUnion("verdict", [
  z.object({ verdict: z.literal("allow") }),
  z.object({ verdict: z.literal("deny"), reason: z.string().max(200).optional() }),
  z.object({
    verdict: z.literal("redact"),
    /** Texts to be replaced wherever they stand in the prompt. */
    redactions: z.array(z.string().min(1).max(1_000)).min(1).max(100),
  }),
]);
export type Verdict = z.infer<typeof Verdict>;

/** A guard server that did not answer as it must: why, in a closed vocabulary. */
export class NoVerdict {
  readonly reason: UpstreamFailure | "status" | "answer";
  constructor(reason: NoVerdict["reason"]) {
    this.reason = reason;
  }
}

/** What a guard server is told of a call. */
export interface Question {
  readonly callId: string;
  readonly route: string;
  readonly routeVersion: string;
  readonly action: string;
  readonly teamId: string;
  readonly consumerId: string;
  /** Every text of the prompt, in order. */
  readonly texts: readonly string[];
}

export interface WebhookMeans {
  readonly upstreams: UpstreamClient;
  /** The key of the signature: the upstream's credential; null for one without. */
  secretOf(upstreamId: string): string | null;
  nowMs(): number;
  monotonicMs(): number;
}

function bodyOf({ texts, ...facts }: Question, guard: CompiledWebhook["guard"]): Buffer {
  const hash = createHash("sha256");
  let chars = 0;
  let sample = "";
  for (const text of texts) {
    hash.update(text).update("\n");
    chars += text.length;
    if (sample.length < guard.sampleChars) sample += (sample === "" ? "" : "\n") + text;
  }
  const prompt = { sha256: hash.digest("hex"), chars, sample: sample.slice(0, guard.sampleChars) };
  return Buffer.from(JSON.stringify({ schemaVersion: 1, guardrail: guard.name, ...facts, prompt }));
}

function headersOf(body: Buffer, secret: string | null, nowMs: number): string[] {
  const headers = ["content-type", "application/json", "accept", "application/json", "accept-encoding", "identity"];
  if (secret === null) return headers;
  const seconds = String(Math.floor(nowMs / 1_000));
  const signature = createHmac("sha256", secret).update(`${seconds}.`).update(body).digest("hex");
  headers.push("x-turnpike-signature", `t=${seconds},v1=${signature}`);
  return headers;
}

/** Gathers one short answer. */
class VerdictSink implements UpstreamSink {
  private readonly done: (verdict: Verdict | NoVerdict) => void;
  private status = 0;
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(done: (verdict: Verdict | NoVerdict) => void) {
    this.done = done;
  }

  head(status: number, _headers: IncomingHttpHeaders): void {
    this.status = status;
  }

  data(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size <= ANSWER_BYTES_MAX) this.chunks.push(chunk);
  }

  end(): void {
    // A redirect is no verdict, and is not followed.
    if (this.status !== 200) this.done(new NoVerdict("status"));
    else if (this.size > ANSWER_BYTES_MAX) this.done(new NoVerdict("answer"));
    else this.done(this.read());
  }

  error(failure: UpstreamFailure): void {
    this.done(new NoVerdict(failure));
  }

  private read(): Verdict | NoVerdict {
    try {
      const parsed = Verdict.safeParse(JSON.parse(Buffer.concat(this.chunks).toString()));
      return parsed.success ? parsed.data : new NoVerdict("answer");
    } catch {
      return new NoVerdict("answer");
    }
  }
}

/** Asks a guard server about a prompt. Never throws, and never takes longer than the guard allows. */
export function askWebhook(
  { guard, address }: CompiledWebhook,
  question: Question,
  means: WebhookMeans,
): Promise<Verdict | NoVerdict> {
  const body = bodyOf(question, guard);
  const { origin, allowPrivateNetwork, path } = address;
  const { timeoutMs } = guard;
  return new Promise((resolve) => {
    means.upstreams.send(
      {
        origin,
        allowPrivateNetwork,
        path,
        headers: headersOf(body, means.secretOf(address.upstreamId), means.nowMs()),
        body,
        connectMs: timeoutMs,
        firstByteMs: timeoutMs,
        idleMs: timeoutMs,
        deadlineMs: means.monotonicMs() + timeoutMs,
      },
      new VerdictSink(resolve),
    );
  });
}
