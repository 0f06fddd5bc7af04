import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { gatewayNodeArgs, gatewayNodeEnv } from "#scripts/gateway-node-args.mjs";
import { projectRoot } from "#scripts/project-root.ts";

const folder = path.join(projectRoot, "deploy/systemd");
const units = readdirSync(folder).map((name): [string, string] => [
  name,
  readFileSync(path.join(folder, name), "utf8"),
]);
const settings = (unit: string, name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map((match) => match[1] ?? "");

describe.each(units)("%s", (_, unit) => {
  it("runs a program that exists, as nobody, with a read-only system", () => {
    const [command = ""] = settings(unit, "ExecStart");
    const script = command.split(" ").find((word) => /^(scripts|\.cache)\//.test(word)) ?? "";
    expect(script === ".cache/gateway/main.mjs" || existsSync(path.join(projectRoot, script))).toBe(true);
    expect(settings(unit, "User")).toEqual(["turnpike"]);
    for (const name of ["NoNewPrivileges", "ProtectHome", "PrivateTmp"]) expect(settings(unit, name)).toEqual(["yes"]);
    expect([settings(unit, "ProtectSystem"), settings(unit, "CapabilityBoundingSet")]).toEqual([["strict"], [""]]);
  });

  it("sets only variables that the programs know, and no secret", () => {
    const known = new Set(
      [...readFileSync(".env.example", "utf8").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((m) => m[1]),
    );
    const own = settings(unit, "Environment").flatMap((line) => line.split(" ").map((pair) => pair.split("=")[0]));
    const foreign = ["NODE_ENV", "NEXT_TELEMETRY_DISABLED", ...Object.keys(gatewayNodeEnv)];
    expect(own.filter((name) => !known.has(name) && !foreign.includes(name ?? ""))).toEqual([]);
    expect(own.filter((name) => /SECRET|KEY|TOKEN|PASSWORD|DATABASE/.test(name ?? ""))).toEqual([]);
  });
});

it("gives the node V8's and the C library's settings, and longer than its drain", () => {
  const unit = units.find(([name]) => name === "turnpike-gateway.service")?.[1] ?? "";
  expect(settings(unit, "ExecStart")[0]).toContain(gatewayNodeArgs.join(" "));
  for (const [name, value] of Object.entries(gatewayNodeEnv)) expect(unit).toContain(`${name}=${value}`);
  const drain = Number(/TURNPIKE_DRAIN_SECONDS=(\d+)/.exec(unit)?.[1]);
  expect(Number(settings(unit, "TimeoutStopSec")[0])).toBeGreaterThanOrEqual(drain + 10);
});
