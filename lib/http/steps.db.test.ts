import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";
import { SimulationStep, SimulationView } from "#lib/domain/simulation/schemas.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

const asked = { accept: "application/x-ndjson" };
const simulate = (headers: Record<string, string>, body: object = {}, as: "operator" | "developer" = "operator") =>
  api.call("POST", "/draft/simulate", { as, body, headers });

describe("an answer that says how far it is", () => {
  it("comes line by line to whoever accepts that, and its last line is the answer", async () => {
    const response = await simulate(asked);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text()).trimEnd().split("\n");
    const steps = lines.map((line) => SimulationStep.parse(JSON.parse(line)));
    expect(steps.map(({ kind }) => kind)).toEqual(["progress", "result"]);
    const whole = await simulate({});
    expect(SimulationView.parse(await whole.json())).toMatchObject({ calls: 0, denied: { count: 0, byReason: {} } });
  });

  it("is refused with its own status before the first line", async () => {
    expect((await simulate(asked, {}, "developer")).status).toBe(403);
    const response = await simulate(asked, { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: "/from", code: "invalid_range" }] });
  });

  it("ends when the reader goes, and leaves the place to the next one", async () => {
    const response = await simulate(asked);
    await response.body?.cancel();
    const next = await simulate(asked);
    expect(next.status).toBe(200);
    await next.text();
  });
});
