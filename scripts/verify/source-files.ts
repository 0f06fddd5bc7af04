import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "#scripts/project-root.ts";

/** A file of the repository, by its path from the root, with "/" between. */
export interface SourceFile {
  path: string;
  text: string;
}

const rooms = ["app", "bench", "cli", "components", "demo", "e2e", "gateway", "lib", "prisma", "scripts"];

/** Every TypeScript and JavaScript file of ours, generated ones left out; also those not committed yet. */
export function sourceFiles(): SourceFile[] {
  return listFiles()
    .filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file) && !file.startsWith("prisma/generated/"))
    .map((file) => ({ path: file, text: readFileSync(path.join(projectRoot, file), "utf8") }));
}

/** Whether a file is a test or only serves tests. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$|\.spec\.ts$|^e2e\/|^gateway\/testing\//.test(file);
}

function listFiles(): string[] {
  const output = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return output
    .split("\0")
    .filter((file) => rooms.includes(file.split("/")[0] ?? "") || (file !== "" && !file.includes("/")))
    .filter((file) => existsSync(path.join(projectRoot, file)))
    .sort();
}
