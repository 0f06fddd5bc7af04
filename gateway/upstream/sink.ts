import type { IncomingHttpHeaders } from "node:http";

/** Why an exchange with an upstream failed. */
export type UpstreamFailure =
  | "connect"
  | "address_not_allowed"
  | "reset"
  | "timeout_connect"
  | "timeout_first_byte"
  | "timeout_idle"
  | "timeout_total"
  | "cancelled";

/**
 * Where an upstream's answer goes. `head` comes at most once, `data` any number of times after it, then exactly one of
 * `end` and `error`; nothing after that. Implementations must not throw.
 */
export interface UpstreamSink {
  head(status: number, headers: IncomingHttpHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  error(failure: UpstreamFailure): void;
}

/** What the receiver of an answer can do about it. */
export interface UpstreamExchange {
  /** Stops reading until `resume`: the caller is slower than the upstream. */
  pause(): void;
  resume(): void;
  /** Ends the exchange. The sink hears `error("cancelled")` unless it has heard an end already. */
  cancel(): void;
}

/** One request to an upstream, ready to be sent. */
export interface UpstreamRequest {
  readonly origin: string;
  readonly allowPrivateNetwork: boolean;
  /** POST where none is given. */
  readonly method?: string;
  readonly path: string;
  /** Flat list of names and values. */
  readonly headers: string[];
  /** Empty where the request has none. */
  readonly body: Buffer;
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  /** When the whole call must be over, by the monotonic clock. */
  readonly deadlineMs: number;
}

/** The one thing `pipeline/stages/forward` knows of the network. */
export interface UpstreamClient {
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange;
}
