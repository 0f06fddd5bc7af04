import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsKeys } from "#lib/contract/credential-kind.ts";
import { type Authorize, CredentialRefused } from "../contract.ts";

/** What the signer feeds its hash with. */
type HashSource = string | ArrayBuffer | ArrayBufferView;

function bytesOf(source: HashSource): string | Uint8Array {
  if (typeof source === "string") return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

/** Node's own SHA-256 in the shape the signer wants: a body may have 32 MiB, too much for a hash written in JavaScript. */
class NodeSha256 {
  private readonly secret: HashSource | undefined;
  private hash: Hash | Hmac;

  constructor(secret?: HashSource) {
    this.secret = secret;
    this.hash = this.begin();
  }

  update(source: HashSource): void {
    this.hash.update(bytesOf(source));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    this.hash = this.begin();
  }

  private begin(): Hash | Hmac {
    return this.secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(this.secret));
  }
}

/** One request to be signed: everything that the signature covers. */
export interface SignableRequest {
  readonly method: string;
  readonly origin: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function queryOf(search: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const known = query[name];
    query[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return query;
}

/** Signs a request by AWS Signature Version 4. Returns the headers of the signed request, `host` included, by lower-case name. */
export async function signV4(
  request: SignableRequest,
  keys: AwsKeys,
  scope: { readonly region: string; readonly service: string; readonly at: Date; readonly signsBody: boolean },
): Promise<Readonly<Record<string, string>>> {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const signer = new SignatureV4({
    service: scope.service,
    region: scope.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    sha256: NodeSha256,
    applyChecksum: scope.signsBody,
  });
  const { host, hostname, protocol } = new URL(request.origin);
  const [path = "/", search = ""] = request.path.split("?");
  const signed = await signer.sign(
    {
      method: request.method,
      protocol,
      hostname,
      path,
      query: queryOf(search),
      headers: { ...request.headers, host },
      body: request.body,
    },
    { signingDate: scope.at },
  );
  return signed.headers;
}

/** The headers of a Bedrock call with AWS keys. `host` and `content-type` are signed as the client sends them. */
export const sigV4Authorize: Authorize = async (outgoing, { secret }, options, tools) => {
  const keys = AwsKeys.safeParse(JSON.parse(secret));
  const region = options["region"];
  if (!keys.success || region === undefined) throw new CredentialRefused("The credential is no pair of AWS keys");
  const { method, origin, path, body, contentType } = outgoing;
  const headers = await signV4({ method, origin, path, body, headers: { "content-type": contentType } }, keys.data, {
    region,
    service: "bedrock",
    at: new Date(tools.nowMs()),
    signsBody: true,
  });
  return Object.entries(headers).flatMap(([name, value]) =>
    name === "host" || name === "content-type" ? [] : [name, value],
  );
};
