import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const systemPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser for the tests: Playwright's own where it was downloaded, else the system's, else `null`. */
export function findChromium(): string | null {
  return [chromium.executablePath(), ...systemPaths].find((file) => file && existsSync(file)) ?? null;
}
