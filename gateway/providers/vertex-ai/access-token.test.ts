import { exportPKCS8, generateKeyPair, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { GOOGLE_TOKEN_URL } from "#lib/contract/credential-kind.ts";
import { CredentialRefused, type ProviderTools } from "../contract.ts";
import { googleAuthorize } from "./access-token.ts";

const OUTGOING = {
  method: "POST",
  origin: "https://aiplatform.googleapis.com",
  path: "/",
  contentType: "application/json",
  body: Buffer.alloc(0),
};
const keys = await generateKeyPair("RS256", { extractable: true });

/** A key file of its own for each test: tokens are kept by it. */
async function credential(id: string) {
  const secret = JSON.stringify({
    type: "service_account",
    private_key_id: id,
    private_key: await exportPKCS8(keys.privateKey),
    client_email: "turnpike@project.iam.gserviceaccount.com",
  });
  return { kind: "serviceAccount", secret } as const;
}

class Google implements ProviderTools {
  asked: { url: string; contentType: string; body: string }[] = [];
  time = Date.UTC(2026, 10, 24);
  status = 200;

  ask(request: { url: string; contentType: string; body: string }): Promise<{ status: number; body: Buffer }> {
    this.asked.push(request);
    const answer = { access_token: `ya29.${this.asked.length}`, expires_in: 3_600, token_type: "Bearer" };
    return Promise.resolve({ status: this.status, body: Buffer.from(JSON.stringify(answer)) });
  }

  readonly nowMs = (): number => this.time;
}

const bearer = (token: string) => ["authorization", `Bearer ${token}`];

describe("a service account's access token", () => {
  it("is asked for with a signed assertion, once for calls that come together, and kept", async () => {
    const google = new Google();
    const account = await credential("key-1");
    const ask = () => googleAuthorize(OUTGOING, account, {}, google);
    expect(await Promise.all([ask(), ask()])).toEqual([bearer("ya29.1"), bearer("ya29.1")]);
    expect(ask()).toEqual(bearer("ya29.1"));
    expect(google.asked).toHaveLength(1);
    expect(google.asked[0]?.url).toBe(GOOGLE_TOKEN_URL);
    const form = new URLSearchParams(google.asked[0]?.body);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const { payload, protectedHeader } = await jwtVerify(form.get("assertion") ?? "", keys.publicKey, {
      audience: GOOGLE_TOKEN_URL,
      issuer: "turnpike@project.iam.gserviceaccount.com",
      currentDate: new Date(google.time),
    });
    expect(protectedHeader.kid).toBe("key-1");
    expect(payload["scope"]).toBe("https://www.googleapis.com/auth/cloud-platform");
  });

  it("is renewed in good time while the old one serves, and waited for once that is spent", async () => {
    const google = new Google();
    const account = await credential("key-2");
    const ask = () => googleAuthorize(OUTGOING, account, {}, google);
    await ask();
    google.time += 56 * 60_000;
    expect(ask()).toEqual(bearer("ya29.1"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ask()).toEqual(bearer("ya29.2"));
    google.time += 61 * 60_000;
    expect(await ask()).toEqual(bearer("ya29.3"));
  });

  it("that Google refuses is a refused credential; that it cannot give now is not", async () => {
    const google = new Google();
    const account = await credential("key-3");
    google.status = 400;
    await expect(googleAuthorize(OUTGOING, account, {}, google)).rejects.toBeInstanceOf(CredentialRefused);
    google.status = 503;
    await expect(googleAuthorize(OUTGOING, account, {}, google)).rejects.not.toBeInstanceOf(CredentialRefused);
    google.status = 200;
    expect(await googleAuthorize(OUTGOING, account, {}, google)).toEqual(bearer("ya29.3"));
  });

  it("is never asked for anywhere but at Google", async () => {
    const google = new Google();
    const { kind, secret } = await credential("key-4");
    const elsewhere = { kind, secret: JSON.stringify({ ...JSON.parse(secret), token_uri: "https://evil.example" }) };
    await expect(googleAuthorize(OUTGOING, elsewhere, {}, google)).rejects.toBeInstanceOf(CredentialRefused);
    expect(google.asked).toEqual([]);
  });
});
