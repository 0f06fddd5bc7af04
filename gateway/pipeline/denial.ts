import { GATEWAY_ERRORS, type GatewayErrorCode } from "#lib/contract/error-code.ts";

/** What a stage says when the call goes on. A value of its own: `undefined` is no permission. */
export const ALLOW = Symbol("allow");

/** What a stage says when it has answered the call itself: no later stage runs. */
export const ANSWERED = Symbol("answered");

/** A refusal, as a value: the pipeline turns it into one answer in the caller's dialect. */
export class Denial {
  readonly code: GatewayErrorCode;
  /** In words for the caller; never an internal error's message. */
  readonly message: string;
  readonly param: string | null;
  /** The rule that refused, for the decision. */
  readonly rule: string;
  /** More headers, as a flat list. */
  readonly headers: readonly string[];

  constructor(
    code: GatewayErrorCode,
    message: string,
    options: { param?: string | null; rule?: string; headers?: readonly string[] } = {},
  ) {
    this.code = code;
    this.message = message;
    this.param = options.param ?? null;
    this.rule = options.rule ?? code;
    this.headers = options.headers ?? [];
  }

  get status(): number {
    return GATEWAY_ERRORS[this.code].status;
  }
}

export type StageResult = typeof ALLOW | typeof ANSWERED | Denial;
