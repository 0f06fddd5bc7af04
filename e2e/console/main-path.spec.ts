import type { Page } from "@playwright/test";
import OpenAI from "openai";
import { demoLedger } from "#e2e/support/demo-ledger.ts";
import { expect, installation, test, watchForErrors } from "./signed-in.ts";

/** Opens a choice, types into its search and takes the option. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).first().click();
  const search = page.getByPlaceholder(/search/i).last();
  if (await search.isVisible()) await search.fill(option);
  await page.getByRole("option", { name: option }).first().click();
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`the main path, clicked through in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("upstream, plan, route, publish, consumer, key, call, and the call is explained", async ({ page }) => {
      test.setTimeout(120_000);
      const errors = watchForErrors(page);
      const mark = Date.now().toString(36);
      const name = (noun: string) => `${noun}-${colorScheme}-${mark}`;

      await page.goto("/upstreams/new");
      await page.getByLabel("Name").fill(name("models"));
      await page.getByLabel("Base URL").fill(`${demoLedger(installation().homeDir).url}/v1`);
      await page.getByLabel("Allow a private network").click();
      await page.getByLabel("API key").fill("sk-browser-test-secret");
      await page.getByRole("button", { name: "Create upstream" }).click();
      await expect(page.getByRole("heading", { level: 1, name: name("models") })).toBeVisible();
      expect(await page.content()).not.toContain("sk-browser-test-secret");

      await page.goto("/plans/new");
      await page.getByLabel("Name").fill(name("gold"));
      await page.getByRole("button", { name: "Create plan" }).click();
      await expect(page.getByRole("heading", { level: 1, name: name("gold") })).toBeVisible();

      await page.goto("/routes/new");
      await page.getByLabel("Name").fill(name("smart"));
      await choose(page, "Upstream", name("models"));
      await page.getByRole("group", { name: "Target 1" }).getByLabel("Model").fill("gpt-4o-mini");
      await page.getByRole("button", { name: "Create route" }).click();
      await expect(page.getByRole("heading", { level: 1, name: name("smart") })).toBeVisible();

      await page.goto("/revisions");
      await page.getByRole("button", { name: "Publish" }).click();
      await page.getByRole("dialog").getByLabel("Note").fill(`Published in ${colorScheme}`);
      await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
      await expect(page.getByText(/Revision \d+ is published/)).toBeVisible();

      await page.goto("/consumers?new=true");
      await page.getByRole("dialog").getByLabel("Name").fill(name("bot"));
      await choose(page, "Team", "Demo team");
      await choose(page, "Plan", name("gold"));
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /add|create/i })
        .click();
      await expect(page.getByText(name("bot")).first()).toBeVisible();

      await page.goto("/api-keys?new=true");
      await page.getByRole("dialog").getByLabel("Name").fill(name("key"));
      await choose(page, "Consumer", name("bot"));
      await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
      const shown = page.getByText(/^tp_[0-9A-Za-z]{39}$/).first();
      await expect(shown).toBeVisible();
      const secret = (await shown.textContent()) ?? "";
      await page.getByRole("button", { name: "I have copied it" }).click();

      const client = new OpenAI({ baseURL: `${installation().gatewayUrl}/v1`, apiKey: secret, maxRetries: 0 });
      const call = client.chat.completions.create({
        model: name("smart"),
        messages: [{ role: "user", content: "Hello" }],
      });
      const { response } = await call.withResponse();
      const id = response.headers.get("x-request-id") ?? "";
      await page.goto(`/requests/${id}`);
      await expect(async () => {
        await page.reload();
        await expect(page.getByText(name("bot")).first()).toBeVisible({ timeout: 2_000 });
      }).toPass({ timeout: 10_000 });
      await expect(page.getByText("identify").first()).toBeVisible();
      // The page of a call that has not been reported yet is a 404 for a moment.
      expect(errors.filter((error) => !error.includes("404"))).toEqual([]);
    });
  });
}
