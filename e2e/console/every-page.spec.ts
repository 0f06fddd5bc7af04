import AxeBuilder from "@axe-core/playwright";
import { expect, installation, test, watchForErrors } from "./signed-in.ts";

const PAGES = [
  "/overview",
  "/consumers",
  "/teams",
  "/api-keys",
  "/plans",
  "/upstreams",
  "/routes",
  "/revisions",
  "/catalogue",
  "/templates",
  "/nodes",
  "/nodes/groups/ngr_default",
  "/nodes/groups/new",
  "/requests",
  "/usage",
  "/audit",
  "/members",
  "/management-tokens",
] as const;

test.beforeAll(async () => {
  // A page full of nothing proves little: let there be calls.
  const { gatewayUrl, apiKey } = installation();
  for (let call = 0; call < 5; call++) {
    const response = await fetch(`${gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: call === 4 ? "no-such-model" : "demo",
        messages: [{ role: "user", content: "Hello" }],
      }),
    });
    await response.arrayBuffer();
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`every page in ${colorScheme}`, () => {
    test.use({ colorScheme });
    for (const path of PAGES) {
      test(`${path} has a heading, no console error and nothing that axe finds`, async ({ page }) => {
        const errors = watchForErrors(page);
        await page.goto(path);
        await expect(page.locator("h1")).toBeVisible();
        await expect(page.locator("nav a").first()).toBeVisible();
        // Live pages never fall silent, so wait for their skeletons to give way instead of for the network.
        await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
          .analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(" | ")}`),
        ).toEqual([]);
        expect(errors).toEqual([]);
      });
    }
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });
  for (const path of PAGES) {
    test(`${path} does not scroll sideways`, async ({ page }) => {
      await page.goto(path);
      await expect(page.locator("h1")).toBeVisible();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
    });
  }
});

test("a page that needs a session leads to the sign-in page and back", async ({ browser }) => {
  // A new context would otherwise be given the signed-in state of the other tests.
  const nobody = { cookies: [], origins: [] };
  const context = await browser.newContext({ baseURL: installation().consoleUrl, storageState: nobody });
  const page = await context.newPage();
  await page.goto("/api-keys");
  await page.waitForURL("**/sign-in**");
  await page.locator('input[name="email"]').fill(installation().adminEmail);
  await page.locator('input[name="password"]').fill("not the password at all");
  await page.getByRole("button", { name: /sign in/i }).click();
  await expect(page.getByRole("alert").filter({ hasText: /./ }).first()).toBeVisible();
  await page.locator('input[name="password"]').fill(installation().adminPassword);
  await page.getByRole("button", { name: /sign in/i }).click();
  await page.waitForURL("**/api-keys**");
  await context.close();
});
