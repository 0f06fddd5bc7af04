import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatOf, importValue } from "#cli/import/index.ts";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";

const folder = path.join(import.meta.dirname, "fixtures");
/** A secret of each kind that has the right form and opens nothing. */
const SECRETS = {
  apiKey: "made-up-key-0123456789",
  awsKeys: JSON.stringify({ accessKeyId: "AKIAMADEUPMADEUP", secretAccessKey: "made-up-secret-made-up-secret" }),
  serviceAccount: JSON.stringify({
    type: "service_account",
    private_key_id: "made-up",
    private_key: "-----BEGIN PRIVATE KEY-----\nmade-up\n-----END PRIVATE KEY-----",
    client_email: "made-up@example.iam.gserviceaccount.com",
  }),
};

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

describe("what is moved in", { timeout: 60_000 }, () => {
  it.each(readdirSync(folder))("is taken by the control plane, published, and then as declared: %s", async (file) => {
    const value: unknown = parse(readFileSync(path.join(folder, file), "utf8"), { merge: true });
    const name = file.replace(/\.\w+$/, "");
    const imported = importValue(value, formatOf(value), name, { route: name, model: "some-model" });
    const secrets = Object.fromEntries(
      [...imported.findings.secrets.values()].map(({ reference, kind }) => [reference, SECRETS[kind]]),
    );
    const body = { declaration: imported.declaration, secrets };
    const call = async (verb: string, more: object = {}) => {
      const response = await api.call("POST", `/declarations/${verb}`, { as: "owner", body: { ...body, ...more } });
      return { status: response.status, body: await response.json() };
    };
    const applied = await call("apply", { publish: { note: file } });
    expect([applied.status, applied.body.errors ?? []]).toEqual([200, []]);
    expect(applied.body).toMatchObject({ waiting: [], draftChanges: 0 });
    expect((await call("plan")).body.changes).toEqual([]);
    // Each of them has the place for itself.
    const { declaration, ...rest } = body;
    const empty = { turnpike: 1, name, upstreams: {} };
    const emptied = await api.call("POST", "/declarations/apply", {
      as: "owner",
      body: { ...rest, declaration: empty, prune: true, publish: { note: `without ${declaration.name}` } },
    });
    expect([emptied.status, (await emptied.json()).errors ?? []]).toEqual([200, []]);
  });
});
