import { EventSplitter } from "#gateway/stream/event-splitter.ts";
import { type Rejection, StreamMessage } from "#lib/contract/node-protocol.ts";
import type { Backoff } from "./backoff.ts";
import { ProvedMessages } from "./proved-messages.ts";
import type { SignedClient } from "./signed-client.ts";

/** A revision document may be large; anything longer than this is not one. */
const EVENT_BYTES_MAX = 128 * 1_024 * 1_024;

/** What the node has, as the stream is asked for. */
export interface StreamPosition {
  readonly epoch: number;
  readonly revision: number;
  readonly directory: number;
  readonly credentials: number;
}

/** Who acts on what the stream brings, one message at a time, in order. */
export interface StreamReceiver {
  position(): StreamPosition;
  receive(message: StreamMessage): Promise<void>;
  /** A message that is not of the known form; `revision` is set when it claimed to be one. */
  receiveUnreadable(problem: Omit<Rejection, "revision"> & { revision: number | null }): Promise<void>;
  connectionLost(): void;
}

/**
 * Keeps one stream to the control plane open: reconnects with full jitter, and after so much silence. A message is acted
 * on before the next one is read, so that a slow apply pushes back.
 */
export class StreamClient {
  private readonly client: SignedClient;
  private readonly receiver: StreamReceiver;
  private readonly version: string;
  private readonly backoff: Backoff;
  private readonly silenceMsMax: number;
  private readonly onProblem: (error: unknown) => void;
  private readonly stopping = new AbortController();
  private connected = false;
  private wake: (() => void) | null = null;

  constructor(options: {
    client: SignedClient;
    receiver: StreamReceiver;
    /** The node's release. */
    version: string;
    backoff: Backoff;
    silenceMsMax: number;
    onProblem: (error: unknown) => void;
  }) {
    this.client = options.client;
    this.receiver = options.receiver;
    this.version = options.version;
    this.backoff = options.backoff;
    this.silenceMsMax = options.silenceMsMax;
    this.onProblem = options.onProblem;
  }

  /** Whether a stream is open and has said something. */
  get isConnected(): boolean {
    return this.connected;
  }

  /** Runs until `stop`. Never rejects. */
  async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.follow();
      } catch (error) {
        if (!this.stopping.signal.aborted) this.onProblem(error);
      }
      this.connected = false;
      this.receiver.connectionLost();
      if (!this.stopping.signal.aborted) await this.pause(this.backoff.nextMs());
    }
  }

  stop(): void {
    this.stopping.abort();
    this.wake?.();
  }

  private async pause(waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  private async follow(): Promise<void> {
    const { epoch, revision, directory, credentials } = this.receiver.position();
    const path = `/api/node/v1/stream?epoch=${epoch}&revision=${revision}&directory=${directory}&credentials=${credentials}&packed=zstd&version=${encodeURIComponent(this.version)}`;
    const { body, key } = await this.client.openStream(path, {
      silenceMsMax: this.silenceMsMax,
      signal: this.stopping.signal,
    });
    const proved = new ProvedMessages(key);
    const events = new EventSplitter(EVENT_BYTES_MAX);
    for await (const chunk of body) {
      events.push(chunk);
      for (let event = events.next(); event !== null; event = events.next()) {
        const data = proved.read(event);
        if (data !== null) await this.deliver(data);
      }
      if (events.isOversized) throw new RangeError("A message of the control plane is too long");
    }
  }

  private async deliver(data: string): Promise<void> {
    const parsed = StreamMessage.safeParse(parseJson(data));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      await this.receiver.receiveUnreadable({
        revision: claimedRevision(parseJson(data)),
        code: "invalid_message",
        path: issue?.path.map((part) => `/${String(part)}`).join("") ?? "",
        message: issue?.message ?? "The message does not have the known form.",
      });
      return;
    }
    this.connected = true;
    this.backoff.succeeded();
    await this.receiver.receive(parsed.data);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The number that an unreadable message meant to bring, if it says so in the place where revisions say it. */
function claimedRevision(value: unknown): number | null {
  let at: unknown = value;
  for (const name of ["revision", "header", "number"]) {
    at = typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined;
  }
  return typeof at === "number" && Number.isSafeInteger(at) && at > 0 ? at : null;
}
