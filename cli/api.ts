import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ApiSettings } from "#cli/settings.ts";
import { PlainError } from "#scripts/terminal.ts";

/** The longest an answer is waited for: a large declaration is applied in one transaction of at most twenty seconds. */
const ANSWER_MS_MAX = 60_000;
const TRIES = 3;

const Problem = z.looseObject({
  code: z.string().default(""),
  detail: z.string().default(""),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).default([]),
});

/** A refusal of the management API. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: { pointer: string; code: string; detail: string }[];

  constructor(status: number, problem: z.output<typeof Problem>) {
    super(problem.detail || `The control plane answered ${status}.`);
    this.status = status;
    this.code = problem.code;
    this.fields = problem.errors;
  }
}

/** Asks the management API, and parses the answer. A lost connection is tried again: a POST has its effect once. */
export async function ask<S extends z.ZodType>(
  settings: ApiSettings,
  { method, path, body, ifMatch }: { method: "GET" | "POST"; path: string; body?: object; ifMatch?: string },
  answer: S,
): Promise<z.output<S>> {
  const headers: Record<string, string> = { authorization: `Bearer ${settings.token}` };
  if (body) headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = randomBytes(24).toString("base64url");
  if (ifMatch !== undefined) headers["if-match"] = ifMatch;
  const init: RequestInit = { method, headers, redirect: "error" };
  if (body) init.body = JSON.stringify(body);
  const response = await send(`${settings.url}/api/v1${path}`, init);
  const text = await response.text();
  const value = parseJson(text);
  if (!response.ok)
    throw new Refusal(response.status, Problem.catch({ code: "", detail: "", errors: [] }).parse(value));
  const parsed = answer.safeParse(value);
  if (!parsed.success)
    throw new PlainError(
      `${settings.url} answers, but not as this version of Turnpike does: is it the console's address?`,
    );
  return parsed.data;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    } catch (error) {
      if (attempt === TRIES)
        throw new PlainError(`${new URL(url).origin} (TURNPIKE_URL) cannot be reached: ${reasonOf(error)}.`);
      await delay(300 * attempt);
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
