import { defineConfig } from "@playwright/test";
import { readInstallation } from "#scripts/test/browser-installation.ts";
import { findChromium } from "#scripts/test/chromium.ts";

const executablePath = findChromium();

export default defineConfig({
  testDir: "e2e/console",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  // One installation with one draft: tests that edited it at once would see each other's edits.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  globalSetup: "./scripts/test/browser-installation.ts",
  use: {
    browserName: "chromium",
    // Read again in each worker, after the installation has been started.
    baseURL: readInstallation()?.consoleUrl,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
