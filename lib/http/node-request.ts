import { gunzipSync } from "node:zlib";
import { database } from "../db/client.ts";
import { type Context, systemContext } from "../domain/context.ts";
import { DomainError } from "../domain/errors.ts";
import { newId } from "../domain/new-id.ts";
import {
  authenticateNode,
  NodeRefused,
  type ProvedNode,
  type SignedRequest,
  signedAnswer,
} from "../domain/node/index.ts";
import { problemResponse } from "./problem.ts";

const BODY_BYTES_MAX = 8 * 1024 * 1024;
const INFLATED_BYTES_MAX = 64 * 1024 * 1024;

/** Answers a request that nobody has signed: to join. */
export async function answer(
  request: Request,
  work: (ctx: Context, body: Buffer) => Promise<Response>,
): Promise<Response> {
  const ctx = systemContext(database(), newId("req"));
  try {
    return await work(ctx, await readBody(request));
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

/** Answers a request that is told apart by more than who sent it; see `asNode` and `jsonFor`. */
export function answerSigned(
  request: Request,
  work: (ctx: Context, signed: SignedRequest) => Promise<Response>,
): Promise<Response> {
  return answer(request, (ctx, body) => work(ctx, signedParts(request, body)));
}

/** A JSON answer that the node knows to be this control plane's. */
export async function jsonFor(ctx: Context, node: Pick<ProvedNode, "id" | "jti">, value: unknown): Promise<Response> {
  const text = JSON.stringify(value);
  const headers = await signedAnswer(ctx, node, { status: 200, body: text });
  return new Response(text, { headers: { "content-type": "application/json", ...headers } });
}

/**
 * Answers a node that has proved who it is, with an answer it knows to be this control plane's (see
 * `lib/contract/node-answer.ts`). Refusals are signed too, so that nobody else can tell a node that it was removed.
 */
export function answerNode(
  request: Request,
  work: (ctx: Context, node: ProvedNode, body: Buffer) => Promise<unknown>,
): Promise<Response> {
  return asNode(request, async (ctx, node, body) => jsonFor(ctx, node, await work(ctx, node, body)));
}

/** Does work for a node that has proved who it is; `work` makes an answer that is signed already. */
export function asNode(
  request: Request,
  work: (ctx: Context, node: ProvedNode, body: Buffer) => Promise<Response>,
): Promise<Response> {
  return answerSigned(request, (ctx, signed) => proved(ctx, signed, work));
}

/** Finds out which node sent a request, and does the work; what is refused is refused with a signed answer. */
export async function proved(
  ctx: Context,
  signed: SignedRequest,
  work: (ctx: Context, node: ProvedNode, body: Buffer) => Promise<Response>,
): Promise<Response> {
  let node: ProvedNode | null = null;
  try {
    node = await authenticateNode(ctx, signed);
    return await work(ctx, node, signed.body);
  } catch (error) {
    const known = error instanceof NodeRefused ? error.node : node;
    const refusal = problemResponse(error, ctx.requestId);
    return known === null ? refusal : await signedFor(ctx, known, refusal);
  }
}

/** The same answer, signed for the node it goes to. Its body must be short: it is read whole. */
async function signedFor(ctx: Context, node: ProvedNode, response: Response): Promise<Response> {
  const text = await response.text();
  const headers = await signedAnswer(ctx, node, { status: response.status, body: text });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return new Response(text, { status: response.status, headers: response.headers });
}

function signedParts(request: Request, body: Buffer): SignedRequest {
  const url = new URL(request.url);
  return {
    authorization: request.headers.get("authorization"),
    method: request.method,
    target: url.pathname + url.search,
    body,
  };
}

async function readBody(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX)
      throw new DomainError(
        "invalid_request",
        `A body may have at most ${BODY_BYTES_MAX} bytes. Send a smaller batch.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A body that may be gzip. */
export function inflate(request: Request, body: Buffer): Buffer {
  if (request.headers.get("content-encoding") !== "gzip") return body;
  try {
    return gunzipSync(body, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch {
    throw new DomainError("invalid_request", "The body is not gzip, or is too large once inflated.");
  }
}

export function parseJson(body: Buffer) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new DomainError("invalid_request", "The body is not JSON.");
  }
}
