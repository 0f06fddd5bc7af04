// What the tests need beyond npm's packages. As root on Debian it is installed; elsewhere it is said what is missing,
// and the suites that need it are left out, visibly.

import { spawnSync } from "node:child_process";
import { childEnv } from "#scripts/env.ts";
import { findChromium } from "#scripts/test/chromium.ts";

interface Requirement {
  what: string;
  debianPackage: string;
  suites: string[];
  isMet: () => boolean;
}

const hasRedis = () => spawnSync("redis-server", ["--version"]).status === 0;

const requirements: Requirement[] = [
  { what: "a Chromium browser", debianPackage: "chromium", suites: ["browser"], isMet: () => findChromium() !== null },
  { what: "redis-server", debianPackage: "redis-server", suites: ["planes"], isMet: hasRedis },
];

/** Meets what it can. Returns, for each suite that cannot run, the reason. */
export function meetRequirements(suites: string[]): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const requirement of requirements) {
    const affected = requirement.suites.filter((suite) => suites.includes(suite));
    if (affected.length === 0 || requirement.isMet()) continue;
    if (!installDebianPackage(requirement.debianPackage) || !requirement.isMet()) {
      const reason = `${requirement.what} is missing (Debian: apt-get install ${requirement.debianPackage})`;
      for (const suite of affected) reasons.set(suite, reason);
    }
  }
  return reasons;
}

function installDebianPackage(name: string): boolean {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return false;
  console.log(`Installing Debian's ${name} …`);
  const run = (...args: string[]) =>
    spawnSync("apt-get", args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: childEnv({ DEBIAN_FRONTEND: "noninteractive" }),
      timeout: 300_000,
    }).status === 0;
  const install = () => run("install", "-y", "--no-install-recommends", name);
  return install() || (run("update") && install());
}
