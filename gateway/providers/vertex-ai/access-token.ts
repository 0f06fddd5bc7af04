import { createHash } from "node:crypto";
import { importPKCS8, SignJWT } from "jose";
import { z } from "zod";
import { GOOGLE_TOKEN_URL, ServiceAccount } from "#lib/contract/credential-kind.ts";
import { type Authorize, CredentialRefused, type ProviderTools } from "../contract.ts";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** A token that ends sooner than this is replaced while it still serves; sooner than the second, it no longer serves. */
const REFRESH_MS = 5 * 60_000;
const SPENT_MS = 30_000;
/** Tokens of service accounts in use; beyond this the oldest is forgotten. */
const TOKENS_MAX = 256;

const TokenAnswer = z.object({ access_token: z.string().min(1).max(8_192), expires_in: z.number().min(1).max(86_400) });

interface Token {
  readonly headers: readonly string[];
  readonly endsAtMs: number;
}

/** By the hash of the key file: no secret is a key of a map. */
const tokens = new Map<string, Token>();
const asking = new Map<string, Promise<Token>>();

/**
 * Exchanges a service account's key for an access token (RFC 7523, as Google documents it): signed here and fetched by the
 * node's own client, whose addresses are guarded and whose waits are bounded, which a vendor's library would bypass.
 */
async function exchange(secret: string, tools: ProviderTools): Promise<Token> {
  const account = ServiceAccount.safeParse(JSON.parse(secret));
  if (!account.success) throw new CredentialRefused("The credential is no service account's key file");
  const nowMs = tools.nowMs();
  const key = await importPKCS8(account.data.private_key, "RS256");
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: account.data.private_key_id })
    .setIssuer(account.data.client_email)
    .setAudience(GOOGLE_TOKEN_URL)
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .setExpirationTime(Math.floor(nowMs / 1_000) + 3_600)
    .sign(key);
  const answer = await tools.ask({
    url: GOOGLE_TOKEN_URL,
    contentType: "application/x-www-form-urlencoded",
    body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
  });
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    throw new CredentialRefused(`Google refused the service account (status ${answer.status})`);
  }
  if (answer.status !== 200) throw new Error(`Google gave no access token (status ${answer.status})`);
  const { access_token, expires_in } = TokenAnswer.parse(JSON.parse(answer.body.toString()));
  return { headers: ["authorization", `Bearer ${access_token}`], endsAtMs: nowMs + expires_in * 1_000 };
}

/** One exchange at a time for each key; what comes of it is kept. */
function renew(id: string, secret: string, tools: ProviderTools): Promise<Token> {
  const underWay = asking.get(id);
  if (underWay !== undefined) return underWay;
  const promise = exchange(secret, tools)
    .then((token) => {
      const [oldest] = tokens.keys();
      if (tokens.size >= TOKENS_MAX && oldest !== undefined) tokens.delete(oldest);
      tokens.set(id, token);
      return token;
    })
    .finally(() => asking.delete(id));
  asking.set(id, promise);
  return promise;
}

/** The access token of a service account: at once from memory, renewed in good time behind the calls that use it. */
export const googleAuthorize: Authorize = (_outgoing, { secret }, _options, tools) => {
  const id = createHash("sha256").update(secret).digest("base64");
  const token = tokens.get(id);
  const leftMs = token === undefined ? 0 : token.endsAtMs - tools.nowMs();
  if (token === undefined || leftMs <= SPENT_MS) return renew(id, secret, tools).then(({ headers }) => headers);
  // The present token still serves: whatever goes wrong now is met again, and told, when it is spent.
  if (leftMs <= REFRESH_MS) renew(id, secret, tools).catch(() => undefined);
  return token.headers;
};
