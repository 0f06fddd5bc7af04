import { createHmac } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { isAddressAllowed } from "../../../policy/address.ts";
import { DriverFailed, type ScaleOrder } from "./driver.ts";
import { guardedLookup } from "./guarded-lookup.ts";

/** From the connection to the end of the answer. */
const WAIT_MS = 5_000;
/** Nothing of the answer is used but its status. */
const ANSWER_BYTES_MAX = 64 * 1_024;

/** Where a webhook goes and what it is signed with. */
export interface WebhookTarget {
  readonly url: string;
  readonly allowPrivateNetwork: boolean;
  readonly secret: string;
}

/**
 * Posts an order, signed as `x-turnpike-signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, to the address
 * that was looked up and allowed. `idempotency-key` and `decisionId` are the decision's: a repeated order says the same
 * thing. Redirects are not followed. Throws `DriverFailed` unless the answer is 2xx.
 */
export async function postOrder(target: WebhookTarget, order: ScaleOrder, now: Date): Promise<void> {
  const { group, leaving, decisionId, fromNodes, toNodes, reason, sentence, figures, attempt } = order;
  const event = { event: "nodeGroup.scale", decisionId, group, fromNodes, toNodes, reason, sentence, figures };
  const body = JSON.stringify({ ...event, leaving, attempt, at: now.toISOString() });
  const seconds = Math.floor(now.getTime() / 1_000);
  const status = await post(target, body, {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "turnpike",
    "idempotency-key": decisionId,
    "x-turnpike-signature": `t=${seconds},v1=${signatureOf(target.secret, seconds, body)}`,
  });
  if (status < 200 || status > 299) throw new DriverFailed(`The webhook answered with status ${status}.`);
}

/** What a receiver computes as well: hex HMAC-SHA256 of the time, a dot and the body. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
}

function post(target: WebhookTarget, body: string, headers: Record<string, string>): Promise<number> {
  const url = new URL(target.url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isAddressAllowed(host, target.allowPrivateNetwork))
    throw new DriverFailed("The webhook's address is not allowed.");
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers, agent: false, lookup: guardedLookup(target.allowPrivateNetwork) };
    const outgoing = send(url, options, (incoming) => {
      incoming.on("error", (error) => fail(error));
      discard(incoming, () => {
        clearTimeout(timer);
        resolve(incoming.statusCode ?? 0);
      });
    });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      outgoing.destroy();
      reject(new DriverFailed(`The webhook could not be reached: ${causeOf(error)}.`));
    };
    const timer = setTimeout(() => fail(new Error(`no answer in ${WAIT_MS / 1_000} s`)), WAIT_MS);
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

function discard(incoming: IncomingMessage, done: () => void): void {
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) incoming.destroy(new Error("its answer is too long"));
  });
  incoming.on("end", done);
}

function causeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
