import type { Locator, Page } from "@playwright/test";
import { demoLedger } from "#e2e/support/demo-ledger.ts";
import { managementApi } from "#e2e/support/management-api.ts";
import { expect, installation, test, watchForErrors } from "./signed-in.ts";

/** Opens a choice inside a part of the page and takes an option. */
async function choose(page: Page, part: Locator, label: string, option: string): Promise<void> {
  await part.getByRole("combobox", { name: label }).first().click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** A key of a new consumer on a plan: the forms of these have a test of their own. */
async function newKey(planName: string): Promise<string> {
  const { consoleUrl, token } = installation();
  const api = managementApi(consoleUrl, token);
  const plans: { data: { id: string; name: string }[] } = await api.must("GET", `/plans?q=${planName}`);
  const plan = plans.data.find(({ name }) => name === planName);
  const team = (await api.must("GET", "/teams")).data[0];
  const consumer = await api.must("POST", "/consumers", { name: planName, teamId: team.id, planId: plan?.id });
  return (await api.must("POST", `/consumers/${consumer.id}/api-keys`, { name: planName })).secret;
}

async function ask(key: string, body: object): Promise<Response> {
  const response = await fetch(`${installation().gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response;
}

test("what the forms say of options, limits, strategy, cache and guardrails is what nodes do", async ({ page }) => {
  test.setTimeout(90_000);
  const errors = watchForErrors(page);
  const mark = Date.now().toString(36);
  const ledger = demoLedger(installation().homeDir);

  await page.goto("/upstreams/new");
  await page.getByText("OpenAI-compatible", { exact: true }).click();
  await choose(page, page.getByRole("group", { name: "OpenAI-compatible" }), "Responses", "translated");
  await page.getByLabel("Name", { exact: true }).fill(`own-${mark}`);
  await page.getByLabel("Base URL").fill(`${ledger.url}/v1`);
  await page.getByLabel("Allow a private network").click();
  await page.getByLabel("API key").fill("sk-browser-test-secret");
  await page.getByRole("button", { name: "Create upstream" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `own-${mark}` })).toBeVisible();
  await expect(page.getByText("translated", { exact: true })).toBeVisible();

  await page.goto("/plans/new");
  await page.getByRole("button", { name: "Add a limit" }).click();
  const limit = page.getByRole("group", { name: "Limit 2" });
  await choose(page, limit, "Of what", "Tokens");
  await limit.getByLabel("At most").fill("");
  await page.getByRole("button", { name: "Create plan" }).click();
  // What is wrong is said with the names of its row and field.
  await expect(page.getByRole("button", { name: /^Name: / })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Limit 2, At most: / })).toBeVisible();
  await limit.getByLabel("At most").fill("90000");
  await page.getByLabel("Name", { exact: true }).fill(`tokens-${mark}`);
  await page.getByRole("button", { name: "Create plan" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `tokens-${mark}` })).toBeVisible();
  await expect(page.getByText("90,000 tokens a minute")).toBeVisible();

  await page.goto("/routes/new");
  await page.getByLabel("Name", { exact: true }).first().fill(`kept-${mark}`);
  await page.getByRole("radio", { name: "Fewest calls under way" }).check();
  const target = page.getByRole("group", { name: "Target 1" });
  await choose(page, target, "Upstream", `own-${mark}`);
  await target.getByLabel("Model").fill("gpt-4o-mini");
  await page.getByLabel("Keep answers and give them again").click();
  await page.getByRole("button", { name: "Add a guardrail" }).click();
  const guard = page.getByRole("group", { name: "Guardrail 1", exact: true });
  await choose(page, guard, "Checks", "Parameters");
  await guard.getByLabel("Names").fill("logprobs");
  await page.getByRole("button", { name: "Create route" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `kept-${mark}` })).toBeVisible();
  await expect(page.getByText(/refuses the parameters? logprobs/)).toBeVisible();

  await page.goto("/revisions");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(/Revision \d+ is published/)).toBeVisible();

  const key = await newKey(`tokens-${mark}`);
  const call = { model: `kept-${mark}`, messages: [{ role: "user", content: `Hello ${mark}` }] };
  // The node learns of the key a moment after it was made: until then it knows nobody by it.
  await expect.poll(async () => (await ask(key, { model: "none" })).status, { timeout: 15_000 }).toBe(404);
  const first = await ask(key, call);
  expect(first.status).toBe(200);
  expect(first.headers.get("x-ratelimit-limit-tokens")).toBe("90000");
  expect(first.headers.get("x-turnpike-cache")).toBe("miss");
  const second = await ask(key, call);
  expect(second.headers.get("x-turnpike-cache")).toBe("hit");
  const guarded = await ask(key, { ...call, logprobs: true });
  expect(guarded.status).toBe(400);
  expect(errors).toEqual([]);
});
