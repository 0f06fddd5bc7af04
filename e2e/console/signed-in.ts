import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { type BrowserInstallation, readInstallation } from "#scripts/test/browser-installation.ts";

/** The installation the browser tests run against. */
export function installation(): BrowserInstallation {
  const found = readInstallation();
  if (!found) throw new Error("The installation has not been started");
  return found;
}

/** Signs in through the page, as a person does. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole("button", { name: /sign in/i }).click();
  await page.waitForURL("**/overview");
}

/** What a page must not do: write an error to the browser's console, or throw. Gathered for the test to look at. */
export function watchForErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
}

/** A test whose page is signed in as the first admin; the sign-in is done once a worker. */
export const test = base.extend<object, { adminState: Awaited<ReturnType<BrowserContext["storageState"]>> }>({
  adminState: [
    async ({ browser }, use) => {
      const { consoleUrl, adminEmail, adminPassword } = installation();
      const context = await browser.newContext({ baseURL: consoleUrl });
      await signIn(await context.newPage(), adminEmail, adminPassword);
      await use(await context.storageState());
      await context.close();
    },
    { scope: "worker" },
  ],
  storageState: async ({ adminState }, use) => use(adminState),
});

export { expect };
