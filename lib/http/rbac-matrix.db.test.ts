import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";
import { ROLES, type Role } from "#lib/contract/permissions.ts";
import { ENDPOINTS } from "./endpoints/index.ts";
import { API_PREFIX } from "./match.ts";

/**
 * Who may call what, written down by hand and on purpose not computed from anything: o owner, a admin, p operator,
 * u auditor, d developer. An endpoint that is not here fails the test, and so does one that is here and gone.
 */
const MATRIX: Record<string, string> = {
  "GET /teams": "oapud",
  "POST /teams": "oa",
  "GET /teams/{id}": "oapud",
  "PATCH /teams/{id}": "oa",
  "DELETE /teams/{id}": "oa",
  "GET /consumers": "oapud",
  "POST /consumers": "oapd",
  "GET /consumers/{id}": "oapud",
  "PATCH /consumers/{id}": "oapd",
  "DELETE /consumers/{id}": "oapd",
  "GET /consumers/{consumerId}/api-keys": "oapud",
  "POST /consumers/{consumerId}/api-keys": "oapd",
  "GET /api-keys": "oapud",
  "GET /api-keys/{id}": "oapud",
  "PATCH /api-keys/{id}": "oapd",
  "DELETE /api-keys/{id}": "oapd",
  "GET /plans": "oapud",
  "POST /plans": "oap",
  "GET /plans/{id}": "oapud",
  "PATCH /plans/{id}": "oap",
  "DELETE /plans/{id}": "oap",
  "GET /upstreams": "oapu",
  "POST /upstreams": "oap",
  "GET /upstreams/{id}": "oapu",
  "GET /upstreams/{id}/events": "oapu",
  "PATCH /upstreams/{id}": "oap",
  "DELETE /upstreams/{id}": "oap",
  "GET /credentials": "oapu",
  "POST /credentials": "oa",
  "GET /credentials/{id}": "oapu",
  "PATCH /credentials/{id}": "oa",
  "DELETE /credentials/{id}": "oa",
  "GET /routes": "oapu",
  "POST /routes": "oap",
  "GET /routes/{id}": "oapu",
  "PATCH /routes/{id}": "oap",
  "DELETE /routes/{id}": "oap",
  "POST /routes/{id}/purge-cache": "oap",
  "GET /routes/{id}/versions": "oapu",
  "POST /routes/{id}/versions": "oap",
  "GET /routes/{id}/versions/{version}": "oapu",
  "PATCH /routes/{id}/versions/{version}": "oap",
  "GET /routes/{id}/versions/{version}/callers": "oapu",
  "DELETE /routes/{id}/versions/{version}": "oap",
  "GET /models": "oapud",
  "GET /model-catalogue": "oapud",
  "GET /price-overrides": "oapud",
  "POST /price-overrides": "oa",
  "GET /price-overrides/{id}": "oapud",
  "PATCH /price-overrides/{id}": "oa",
  "DELETE /price-overrides/{id}": "oa",
  "GET /policy-templates": "oapu",
  "POST /policy-templates/{name}/preview": "oapu",
  "POST /policy-templates/{name}/apply": "oap",
  "GET /declarations": "oapu",
  "GET /declarations/export": "oapu",
  "POST /declarations/plan": "oapu",
  "POST /declarations/apply": "oap",
  "DELETE /declarations/{name}": "oap",
  "GET /draft": "oapu",
  "DELETE /draft": "oap",
  "POST /draft/discard": "oap",
  "GET /draft/history": "oapu",
  "POST /draft/simulate": "oapu",
  "GET /approvals": "oapu",
  "POST /approvals": "oap",
  "GET /approvals/{id}": "oapu",
  "POST /approvals/{id}/approve": "oap",
  "POST /approvals/{id}/reject": "oap",
  "DELETE /approvals/{id}": "oap",
  "GET /scheduled-publishes": "oapu",
  "POST /scheduled-publishes": "oap",
  "GET /scheduled-publishes/{id}": "oapu",
  "DELETE /scheduled-publishes/{id}": "oap",
  "GET /settings": "oapu",
  "PATCH /settings": "o",
  "GET /revisions": "oapu",
  "POST /revisions": "oap",
  "GET /revisions/{number}": "oapu",
  "POST /revisions/{number}/rollback": "oap",
  "GET /rollouts": "oapu",
  "GET /rollouts/{id}": "oapu",
  "POST /rollouts/{id}/pause": "oap",
  "POST /rollouts/{id}/resume": "oap",
  "POST /rollouts/{id}/promote": "oap",
  "POST /rollouts/{id}/abort": "oap",
  "GET /nodes": "oapu",
  "GET /nodes/{id}": "oapu",
  "GET /nodes/{id}/events": "oapu",
  "PATCH /nodes/{id}": "oap",
  "DELETE /nodes/{id}": "oap",
  "GET /node-groups": "oapu",
  "POST /node-groups": "oap",
  "GET /node-groups/{id}": "oapu",
  "PATCH /node-groups/{id}": "oap",
  "DELETE /node-groups/{id}": "oap",
  "GET /node-groups/{id}/decisions": "oapu",
  "POST /nodes/raise-epoch": "oa",
  "POST /node-bundles": "oa",
  "GET /join-tokens": "oapu",
  "POST /join-tokens": "oap",
  "DELETE /join-tokens/{id}": "oap",
  "GET /usage": "oapud",
  "GET /requests": "oapud",
  "GET /requests/{id}": "oapud",
  "GET /audit": "oapu",
  "GET /audit/verify": "oau",
  "GET /audit/{id}": "oapu",
  "GET /me": "oapud",
  "POST /me/password": "oapud",
  "GET /sessions": "oapud",
  "DELETE /sessions/{id}": "oapud",
  "GET /users": "oapu",
  "POST /users": "oa",
  "GET /users/{id}": "oapu",
  "PATCH /users/{id}": "oa",
  "DELETE /users/{id}": "oa",
  "POST /users/{id}/password": "oa",
  "GET /management-tokens": "oapu",
  "POST /management-tokens": "oa",
  "GET /management-tokens/{id}": "oapu",
  "DELETE /management-tokens/{id}": "oa",
};

const LETTERS: Record<Role, string> = { owner: "o", admin: "a", operator: "p", auditor: "u", developer: "d" };
const ROWS = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);

/** An address that names nothing, so that what gets past the permission changes nothing. */
function addressOf(row: string): { method: string; path: string } {
  const [method = "", path = ""] = row.split(" ");
  return { method, path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === "number" ? "999999" : "none")) };
}

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

describe("who may call what", () => {
  it("names every endpoint once, and no other", () => {
    expect(Object.keys(MATRIX).toSorted()).toEqual(ROWS.toSorted());
    expect(new Set(ROWS).size).toBe(ROWS.length);
  });

  it.each(Object.keys(MATRIX))("%s", async (row) => {
    const { method, path } = addressOf(row);
    for (const role of ROLES) {
      // A body that no schema takes: past the permission the answer is a refusal of another kind.
      const body = method === "POST" || method === "PATCH" ? { body: { nothing: true } } : {};
      const { cookie } = await api.openSession(api.userIds[role]);
      const byToken = await api.call(method, path, { as: role, ...body });
      const bySession = await api.call(method, path, { as: { session: cookie }, ...body });
      const isAllowed = MATRIX[row]?.includes(LETTERS[role]) ?? false;
      for (const response of [byToken, bySession]) {
        const { code } = response.status >= 400 ? await response.json() : { code: null };
        expect([row, role, code === "permission_denied"]).toEqual([row, role, !isAllowed]);
        expect(response.status).toBeLessThan(500);
        expect(response.status).not.toBe(401);
      }
    }
  });

  it.each(ROWS)("%s answers 401 to strangers, however they dress", async (row) => {
    const { method, path } = addressOf(row);
    const { cookie, id } = await api.openSession(api.userIds.owner);
    await api.call("DELETE", `/sessions/${id}`, { as: "owner" });
    const strangers: Record<string, string>[] = [
      {},
      { authorization: "Bearer tp_0123456789abcdefghijklmnopqrstuvwxyzABCDEF" },
      { authorization: "Bearer tpm_0123456789abcdefghijklmnopqrstuvwxyzABCDEF" },
      { "x-api-key": api.tokens.owner },
      { cookie, origin: "http://console.test" },
      { cookie: "turnpike.session=eyJhbGciOiJub25lIn0.e30." },
      { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
      { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" },
    ];
    for (const headers of strangers)
      expect([headers, (await api.call(method, path, { headers })).status]).toEqual([headers, 401]);
  });

  it("shows the API's own description to anybody, and marks it alone as open", async () => {
    const response = await api.call("GET", "/openapi.json");
    expect(response.status).toBe(200);
    const document = await response.json();
    const open = Object.entries<Record<string, { security?: unknown[] }>>(document.paths).flatMap(
      ([path, operations]) =>
        Object.values(operations).some((operation) => operation.security?.length === 0) ? [path] : [],
    );
    expect(open).toEqual(["/openapi.json"]);
    expect(document.servers).toEqual([{ url: API_PREFIX }]);
  });
});
