import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

/** A body that says whether anybody looked at it. */
function watchedBody(text: string) {
  const seen = { isRead: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.isRead = true;
        controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, stream };
}

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return response.json();
}

async function createPlan(name: string) {
  const response = await api.call("POST", "/plans", { as: "owner", body: { name } });
  expect(response.status).toBe(201);
  return response.json();
}

describe("the order of refusals", () => {
  it("answers 401 to a stranger before it reads the body", async () => {
    const { seen, stream } = watchedBody("{broken");
    const response = await api.call("POST", "/plans", { text: stream });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
    expect(seen.isRead).toBe(false);
    expect(await problemOf(response)).toMatchObject({ code: "unauthenticated", status: 401, errors: [] });
  });

  it("answers 401 to a token that is not in force, and to a scheme of its own", async () => {
    for (const authorization of [
      "Bearer tpm_nobodys",
      "Bearer ",
      "Basic b3duZXI6",
      "tpm_x",
      `Bearer ${api.tokens.owner}x`,
    ]) {
      expect((await api.call("GET", "/plans", { headers: { authorization } })).status).toBe(401);
    }
  });

  it("answers 403 before it reads the body", async () => {
    const { seen, stream } = watchedBody("{broken");
    const response = await api.call("POST", "/plans", { as: "auditor", text: stream });
    expect(response.status).toBe(403);
    expect(seen.isRead).toBe(false);
    expect(await problemOf(response)).toMatchObject({ code: "permission_denied" });
  });

  it("answers 428 to a PATCH without If-Match before it reads the body", async () => {
    const { seen, stream } = watchedBody("{broken");
    const response = await api.call("PATCH", "/plans/plan_none", { as: "owner", text: stream });
    expect(response.status).toBe(428);
    expect(seen.isRead).toBe(false);
  });

  it("answers 400 to broken JSON before it looks for the thing", async () => {
    const sent = { as: "owner", text: "{broken", headers: { "if-match": '"1"' } } as const;
    const response = await api.call("PATCH", "/plans/plan_none", sent);
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: "invalid_json" });
  });

  it("answers 422 with a pointer for each wrong field", async () => {
    const body = { name: "", rateLimits: [{ metric: "requests", limit: "many", windowSeconds: 60 }], colour: "red" };
    const response = await api.call("POST", "/plans", { as: "owner", body });
    expect(response.status).toBe(422);
    const { errors } = await problemOf(response);
    const pointers = errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.toSorted()).toEqual(["/colour", "/name", "/rateLimits/0/limit"]);
  });

  it("answers 422 to a change before 412, and 412 to a lost race", async () => {
    const plan = await createPlan("raced");
    const first = await api.call("PATCH", `/plans/${plan.id}`, {
      as: "owner",
      body: { description: "one" },
      headers: { "if-match": plan.etag },
    });
    expect(first.status).toBe(200);
    expect(first.headers.get("etag")).toBe((await first.json()).etag);
    const second = await api.call("PATCH", `/plans/${plan.id}`, {
      as: "owner",
      body: { description: "two" },
      headers: { "if-match": plan.etag },
    });
    expect(second.status).toBe(412);
    expect(await problemOf(second)).toMatchObject({ code: "precondition_failed" });
  });

  it("answers 409 to a name in use", async () => {
    await createPlan("taken");
    const response = await api.call("POST", "/plans", { as: "owner", body: { name: "taken" } });
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: "name_taken", errors: [{ pointer: "/name" }] });
  });
});

describe("addresses", () => {
  it("answers 404 for what is not there, 405 with Allow for the wrong method", async () => {
    for (const path of [
      "/nothing",
      "/plans/",
      "//plans",
      "/plans//x",
      "/%70lans",
      "/plans/a/b",
      "/consumers/x%2Fapi-keys",
    ]) {
      expect([path, (await api.call("GET", path, { as: "owner" })).status]).toEqual([path, 404]);
    }
    const response = await api.call("DELETE", "/plans", { as: "owner" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, POST");
  });

  it("answers an id that cannot be one as one that does not exist", async () => {
    for (const path of [
      "/plans/plan_none",
      "/plans/not%20an%20id",
      "/plans/%00",
      "/plans/%E0%A4%A",
      "/revisions/zero",
    ]) {
      expect([path, (await api.call("GET", path, { as: "owner" })).status]).toEqual([path, 404]);
    }
  });

  it("answers HEAD like GET without a body", async () => {
    const response = await api.call("HEAD", "/plans", { as: "owner" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

describe("preconditions and caching", () => {
  it("takes * and strong tags, never weak ones, and refuses what is no tag", async () => {
    const { id, etag } = await createPlan("tagged");
    const patch = (ifMatch: string) =>
      api.call("PATCH", `/plans/${id}`, { as: "owner", body: {}, headers: { "if-match": ifMatch } });
    expect((await patch(`W/${etag}`)).status).toBe(412);
    expect((await patch('"no-such-version"')).status).toBe(412);
    expect((await patch(etag.replaceAll('"', ""))).status).toBe(400);
    expect((await patch(`${etag}, "9"`)).status).toBe(400);
    expect((await patch("*")).status).toBe(200);
  });

  it("answers 304 to who has the state already, and never lets an answer be stored", async () => {
    const { id, etag } = await createPlan("cached");
    const get = (headers: Record<string, string>) => api.call("GET", `/plans/${id}`, { as: "owner", headers });
    const same = await get({ "if-none-match": `"0", W/${etag}` });
    expect([same.status, await same.text(), same.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await get({ "if-none-match": '"0"' })).status).toBe(200);
    const answers = [same, await get({}), await api.call("GET", "/nothing"), await api.call("GET", "/openapi.json")];
    for (const answer of answers) {
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    }
  });

  it("says where a new thing is, and answers 204 when it is gone", async () => {
    const response = await api.call("POST", "/teams", { as: "owner", body: { name: "Search" } });
    const team = await response.json();
    expect(response.headers.get("location")).toBe(`/api/v1/teams/${team.id}`);
    expect(response.headers.get("etag")).toBe(team.etag);
    const gone = await api.call("DELETE", `/teams/${team.id}`, { as: "owner" });
    expect([gone.status, await gone.text()]).toEqual([204, ""]);
  });
});

describe("bodies and queries", () => {
  const post = (text: string, headers: Record<string, string> = {}) =>
    api.call("POST", "/teams", { as: "owner", text, headers });

  it("refuses what is no JSON object in UTF-8", async () => {
    expect((await post("[]")).status).toBe(422);
    expect((await post("null")).status).toBe(422);
    expect((await post('{"name":"a","name":"b"}')).status).toBe(400);
    expect((await post('{"name":"a","\\u006eame":"b"}')).status).toBe(400);
    expect((await post(`${'{"a":'.repeat(70)}1${"}".repeat(70)}`)).status).toBe(400);
    expect((await post("[".repeat(500_000) + "]".repeat(500_000))).status).toBe(400);
    expect((await post('{"name":"x"}', { "content-type": "text/plain" })).status).toBe(415);
    expect((await post('{"name":"x"}', { "content-type": "application/json; charset=latin1" })).status).toBe(415);
    expect((await post(`{"name":"${"x".repeat(1024 * 1024)}"}`)).status).toBe(413);
    expect((await post("{}", { "content-length": "99999999" })).status).toBe(413);
  });

  it("refuses members that would reach a prototype, and text that cannot be stored", async () => {
    const response = await post('{"name":"x","__proto__":{"polluted":true},"note":{"__proto__":1}}');
    expect(response.status).toBe(422);
    const { errors } = await problemOf(response);
    expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual(["/__proto__", "/note/__proto__"]);
    expect("polluted" in {}).toBe(false);
    expect(
      (await api.call("POST", "/plans", { as: "owner", text: '{"name":"n","description":"a\\u0000b"}' })).status,
    ).toBe(422);
    expect(
      (await api.call("POST", "/plans", { as: "owner", text: '{"name":"n","description":"\\ud800"}' })).status,
    ).toBe(422);
    expect((await api.call("GET", "/plans?q=%00", { as: "owner" })).status).toBe(422);
  });

  it("refuses unknown and repeated query parameters, and a query where none belongs", async () => {
    for (const path of ["/plans?colour=red", "/plans?limit=1&limit=2", "/plans?limit=many", "/plans?limit=201"])
      expect([path, (await api.call("GET", path, { as: "owner" })).status]).toEqual([path, 422]);
    expect((await api.call("POST", "/teams?dry=1", { as: "owner", body: { name: "Dry" } })).status).toBe(422);
  });

  it("takes a body member that is named in the address already for an unknown field", async () => {
    const body = { name: "k", consumerId: "con_other" };
    const response = await api.call("POST", "/consumers/con_none/api-keys", { as: "owner", body });
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ errors: [{ pointer: "/consumerId", code: "unknown_field" }] });
  });
});

describe("the console's session", () => {
  it("carries reads from anywhere, and changes only from our own pages", async () => {
    const { cookie } = await api.openSession(api.userIds.owner);
    const change = (headers: Record<string, string | undefined>) =>
      api.call("POST", "/teams", { as: { session: cookie }, body: { name: "Web" }, headers });
    expect(
      (await api.call("GET", "/me", { as: { session: cookie }, headers: { origin: "https://evil.test" } })).status,
    ).toBe(200);
    for (const headers of [
      { origin: "https://evil.test" },
      { origin: "null" },
      { origin: "http://console.test.evil.test" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "" },
    ]) {
      const response = await change(headers);
      expect([headers, response.status]).toEqual([headers, 403]);
      expect(await problemOf(response)).toMatchObject({ code: "cross_site" });
    }
    expect((await change({ "sec-fetch-site": "same-origin" })).status).toBe(201);
  });

  it("ends at once with a revocation, a disabled user, or expiry; another role holds at once", async () => {
    const { id, cookie } = await api.openSession(api.userIds.operator);
    const me = () => api.call("GET", "/me", { as: { session: cookie } });
    expect((await (await me()).json()).role).toBe("operator");
    const path = `/users/${api.userIds.operator}`;
    const change = (body: object) => api.call("PATCH", path, { as: "owner", body, headers: { "if-match": "*" } });
    expect((await change({ role: "auditor" })).status).toBe(200);
    expect((await (await me()).json()).role).toBe("auditor");
    expect((await change({ role: "operator" })).status).toBe(200);
    expect((await api.call("DELETE", `/sessions/${id}`, { as: "auditor" })).status).toBe(404);
    expect((await api.call("DELETE", `/sessions/${id}`, { as: "admin" })).status).toBe(204);
    expect((await me()).status).toBe(401);

    const second = await api.openSession(api.userIds.operator);
    expect((await api.call("GET", "/me", { as: { session: second.cookie } })).status).toBe(200);
    expect((await change({ disabled: true })).status).toBe(200);
    expect((await api.call("GET", "/me", { as: { session: second.cookie } })).status).toBe(401);
    await change({ disabled: false });
    expect((await api.call("GET", "/me", { as: { session: second.cookie } })).status).toBe(401);

    const third = await api.openSession(api.userIds.operator);
    await api.owner.query(`UPDATE session SET expires_at = now() WHERE id = $1`, [third.id]);
    expect((await api.call("GET", "/me", { as: { session: third.cookie } })).status).toBe(401);
  });
});

describe("the throttle", () => {
  it("stops one credential with 429 and a time to wait, and leaves strangers their 401", async () => {
    const { cookie } = await api.openSession(api.userIds.auditor);
    const now = new Date();
    const body = { currentPassword: "a guess", newPassword: "a long enough one" };
    const guess = (at: Date) => api.call("POST", "/me/password", { as: { session: cookie }, body, now: at });
    for (let count = 0; count < 10; count++) expect((await guess(now)).status).toBe(422);
    const stopped = await guess(now);
    expect([stopped.status, stopped.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await api.call("POST", "/me/password", { body, now })).status).toBe(401);
    expect((await api.call("GET", "/me", { as: "admin", now })).status).toBe(200);
    expect((await guess(new Date(now.getTime() + 1_001))).status).toBe(422);
  });
});
