import type { Exchange } from "./exchange.ts";
import type { JsonObject } from "./json.ts";
import type { Dialect } from "./ledger.ts";

/** A request body as a handler gets it: parsed JSON (`{}` without a body), and the raw bytes for multipart forms. */
export interface ReceivedBody {
  json: JsonObject;
  bytes: Buffer;
  contentType: string;
}

/** Answers one request. The model and its fault are already settled; the handler validates the rest. */
export type Handler = (exchange: Exchange, body: ReceivedBody) => void | Promise<void>;

/** Where a path leads. `model` and `isStream` are given when the path holds them, else they are read from the JSON body. */
export interface Route {
  dialect: Dialect;
  method: "GET" | "POST" | "ANY";
  body: "none" | "json" | "form" | "raw";
  handler: Handler;
  /** Calls without a `model` are refused when true. */
  needsModel: boolean;
  model?: string;
  isStream?: boolean;
}

/** Why a request is refused with 400, in the words of the dialect's provider. */
export class InvalidRequest extends Error {
  readonly code: string;
  constructor(message: string, code = "invalid_value") {
    super(message);
    this.code = code;
  }
}

/** Reads an optional whole number; throws `InvalidRequest` when it is present and not within the bounds. */
export function optionalCount(body: JsonObject, name: string, low: number, high: number): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new InvalidRequest(`Invalid '${name}': expected a whole number from ${low} to ${high}.`);
}
