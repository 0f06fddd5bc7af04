import { createHash } from "node:crypto";
import { type JoinRequest, JoinResponse, NODE_PROTOCOL_VERSION, type PublicJwk } from "#lib/contract/node-protocol.ts";
import { ControlTransport } from "./control-transport.ts";
import { type NodeIdentity, type NodeKeys, newNodeKeys, publicHalf } from "./identity.ts";

const ANSWER_BYTES_MAX = 64 * 1_024;

/** A join that cannot succeed by trying again: the token is used up, or the control plane is not the expected one. */
export class JoinRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "JoinRefused";
  }
}

/** Splits `tpj_<secret>.<fingerprint>`. Throws `JoinRefused` for what has not that form. */
export function splitToken(token: string): { secret: string; fingerprint: string } {
  const dot = token.lastIndexOf(".");
  const secret = token.slice(0, dot);
  const fingerprint = token.slice(dot + 1);
  if (dot === -1 || !secret.startsWith("tpj_") || !/^[A-Za-z0-9_-]{43}$/.test(fingerprint)) {
    throw new JoinRefused("TURNPIKE_JOIN_TOKEN has not the form tpj_<secret>.<fingerprint>");
  }
  return { secret, fingerprint };
}

/**
 * Joins with a token: makes the node's keys, sends their public halves, and pins the control plane's key to the
 * fingerprint that came with the token (which is not sent). Throws `JoinRefused` when the answer is final, and other
 * errors when the control plane could not be reached.
 */
export async function join(options: {
  controlUrl: string;
  joinToken: string;
  name: string;
  version: string;
  /** Made when absent. */
  keys?: NodeKeys;
}): Promise<NodeIdentity> {
  const { secret, fingerprint } = splitToken(options.joinToken);
  const keys = options.keys ?? newNodeKeys();
  const body: JoinRequest = {
    protocolVersion: NODE_PROTOCOL_VERSION,
    joinToken: secret,
    name: options.name,
    version: options.version,
    signingKey: publicHalf(keys.signingKey),
    sealingKey: publicHalf(keys.sealingKey),
  };
  const { status, text } = await post(options.controlUrl, JSON.stringify(body));
  if (status >= 500 || status === 429) throw new Error(`The control plane answered ${status} to the join`);
  if (status === 409) {
    throw new JoinRefused(
      `The control plane does not work with this release, ${options.version} (version_not_supported)`,
    );
  }
  if (status >= 300) {
    throw new JoinRefused(`The control plane refused the join token (status ${status}): make a new one`);
  }
  const response = JoinResponse.parse(JSON.parse(text));
  if (!isPinned(response.controlKey, fingerprint)) {
    throw new JoinRefused("The control plane that answered is not the one the join token came from");
  }
  return {
    ...keys,
    controlUrl: options.controlUrl,
    nodeId: response.nodeId,
    name: response.name,
    group: response.group,
    controlKey: response.controlKey,
    keyMadeAt: new Date().toISOString(),
  };
}

/** Whether a control plane's key is the one with this fingerprint: base64url SHA-256 of the raw public key. */
export function isPinned({ crv, x }: PublicJwk, fingerprint: string): boolean {
  const found = createHash("sha256").update(Buffer.from(x, "base64url")).digest("base64url");
  return crv === "Ed25519" && found === fingerprint;
}

async function post(controlUrl: string, body: string): Promise<{ status: number; text: string }> {
  const transport = new ControlTransport(controlUrl);
  try {
    const answer = await transport.send({
      method: "POST",
      path: "/api/node/v1/join",
      headers: { "content-type": "application/json" },
      body: Buffer.from(body),
      silenceMsMax: 10_000,
    });
    return { status: answer.status, text: await readBounded(answer.body) };
  } finally {
    transport.close();
  }
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) throw new Error("The control plane's answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
