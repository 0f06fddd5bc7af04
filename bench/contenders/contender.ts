/** What is sent: a short call, a long one, or one whose answer is streamed. */
export type CallKind = "unary" | "stream";

/** Where a call of one kind goes. */
export interface CallTarget {
  url: string;
  headers: Record<string, string>;
}

/** A proxy under measurement: where to send calls, with which headers, and which process to bill. */
export interface Contender {
  name: string;
  targets: Record<CallKind, CallTarget>;
  /** The process whose CPU is counted; null for the yardstick without a proxy. */
  pid: number | null;
  close(): Promise<void>;
}

/** The ports of what stands behind every contender, by what it serves. */
export type UpstreamPorts = Record<CallKind, number>;

export const CHAT_PATH = "/v1/chat/completions";
