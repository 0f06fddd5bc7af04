import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parseGatewayEnv } from "#gateway/env.ts";
import { parseControlEnv } from "#lib/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { defaultValues, documentsOf, isValues, plainValues, renderChart, type Values, valuesSchema } from "./chart.ts";
import { envOf } from "./dockerfile.ts";
import { kubernetesProblems } from "./kubernetes-schema.ts";
import { MANIFEST_HEAD } from "./write-manifests.ts";

const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const at = (value: unknown, ...names: (string | number)[]): unknown =>
  names.reduce<unknown>(
    (inner, name) => (isValues(inner) || Array.isArray(inner) ? Reflect.get(inner, name) : undefined),
    value,
  );
/** A part that has to be there. */
function part(value: unknown, ...names: (string | number)[]): Values {
  const found = at(value, ...names);
  if (!isValues(found)) throw new Error(`There is no ${names.join(".")}`);
  return found;
}
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Everything on, and what is on by default turned the other way. */
function otherValues(): Values {
  const values = defaultValues();
  const gateway = {
    ...part(values, "gateway"),
    trustedProxies: "10.0.0.0/8",
    autoscaling: { enabled: false, minReplicas: 1, maxReplicas: 2, targetCpuPercent: 50 },
  };
  return {
    ...values,
    gateway,
    scaler: { enabled: true },
    ingress: { ...part(values, "ingress"), enabled: true },
  };
}

const SETTINGS: [string, () => Values][] = [
  ["its defaults", defaultValues],
  ["plain manifests", plainValues],
  ["everything turned round", otherValues],
];

async function objects(values: Values): Promise<Values[]> {
  return [...(await renderChart(values)).values()].flatMap(documentsOf);
}
const podOf = (object: Values) => at(object, "spec", "template", "spec");
const named = (object: Values) => `${String(object.kind)} ${String(at(object, "metadata", "name"))}`;

describe.each(SETTINGS)("the chart with %s", (_, valuesOf) => {
  it("fits the schemas that Kubernetes publishes, and names no field that it does not know", async () => {
    for (const object of await objects(valuesOf())) {
      expect([named(object), await kubernetesProblems(object)]).toEqual([named(object), []]);
    }
  });

  it("has values that its own schema takes", () => {
    const validate = new Ajv({ formats: { hostname: true } }).compile(valuesSchema());
    validate(valuesOf());
    expect(validate.errors).toBeNull();
  });

  it("runs every container as nobody, with nothing to write to but its volumes", async () => {
    const workloads = (await objects(valuesOf())).filter((object) => podOf(object) !== undefined);
    expect(workloads.map(({ kind }) => kind).toSorted()).toEqual(["Deployment", "Deployment", "Job"]);
    for (const object of workloads) {
      const pod = podOf(object);
      expect(at(pod, "securityContext")).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(at(pod, "securityContext", "runAsUser")).toBeGreaterThan(0);
      for (const container of list(at(pod, "containers"))) {
        const safe = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };
        expect([named(object), at(container, "securityContext")]).toEqual([named(object), safe]);
        expect(at(container, "resources", "limits", "memory")).toBeTypeOf("string");
        expect(String(at(container, "image"))).toMatch(/^[a-z-]+:\d/);
      }
    }
  });

  it("selects the pods that it makes, by every selector", async () => {
    const all = await objects(valuesOf());
    const pods = all.flatMap((object) => at(object, "spec", "template", "metadata", "labels") ?? []).filter(isValues);
    const matches = (wanted: Values) =>
      pods.some((labels) => Object.entries(wanted).every(([k, v]) => labels[k] === v));
    const selectors = all
      .flatMap(({ kind, spec }) =>
        kind === "Service"
          ? [at(spec, "selector")]
          : [at(spec, "selector", "matchLabels"), at(spec, "podSelector", "matchLabels")],
      )
      .filter(isValues);
    expect(selectors.length).toBeGreaterThan(5);
    for (const wanted of selectors) expect([wanted, matches(wanted)]).toEqual([wanted, true]);
  });

  it("gives the programs an environment that they take, by variables that they know", async () => {
    const known = new Set([...read(".env.example").matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]));
    const secrets: Record<string, string> = {
      DATABASE_URL: "postgresql://u:p@db/turnpike",
      TURNPIKE_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
      NEXTAUTH_SECRET: "s".repeat(32),
      TURNPIKE_JOIN_TOKEN: "tpj_x",
      VALKEY_URL: "redis://valkey:6379",
      TURNPIKE_ADMIN_EMAIL: "admin@example.com",
      TURNPIKE_ADMIN_PASSWORD: "a-long-password",
    };
    const images = { gateway: "deploy/gateway.Dockerfile", other: "deploy/control-plane.Dockerfile" };
    for (const object of (await objects(valuesOf())).filter((each) => podOf(each) !== undefined)) {
      const [container] = list(at(podOf(object), "containers"));
      const entries = list(at(container, "env")).filter(isValues);
      expect(entries.filter(({ name }) => !known.has(String(name)))).toEqual([]);
      const isGateway = at(container, "name") === "gateway";
      const env = Object.fromEntries(envOf(read(isGateway ? images.gateway : images.other)));
      for (const { name, value } of entries) env[String(name)] = String(value ?? secrets[String(name)] ?? "pod-name");
      expect(() => (isGateway ? parseGatewayEnv(env) : parseControlEnv(env))).not.toThrow();
      const ports = list(at(container, "ports")).map((port) => String(at(port, "containerPort")));
      expect(ports).toEqual(
        isGateway ? [env.GATEWAY_PORT, env.GATEWAY_STATUS_PORT] : object.kind === "Job" ? [] : [env.PORT],
      );
    }
  });

  it("probes addresses that the programs answer, and gives calls longer than their drain", async () => {
    const sources = { gateway: read("gateway/status/server.ts"), "control-plane": read("scripts/console-health.ts") };
    for (const object of (await objects(valuesOf())).filter(({ kind }) => kind === "Deployment")) {
      const [container] = list(at(podOf(object), "containers"));
      const name = at(container, "name") === "gateway" ? "gateway" : "control-plane";
      for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
        const get = at(container, probe, "httpGet");
        expect(sources[name]).toContain(`"${String(at(get, "path"))}"`);
        const ports = list(at(container, "ports")).map((port) => at(port, "name"));
        expect(ports).toContain(at(get, "port"));
      }
      const drain = Number(
        at(
          list(at(container, "env")).find((entry) => at(entry, "name") === "TURNPIKE_DRAIN_SECONDS"),
          "value",
        ) ?? 1.5,
      );
      expect(at(podOf(object), "terminationGracePeriodSeconds")).toBeGreaterThanOrEqual(5 + drain + 10);
    }
  });
});

it("finds what Kubernetes would refuse or overlook", async () => {
  const [deployment] = (await objects(defaultValues())).filter(({ kind }) => kind === "Deployment");
  const broken = (change: (object: Values) => void) => {
    const copy = structuredClone(deployment ?? {});
    change(copy);
    return kubernetesProblems(copy);
  };
  expect(await broken((object) => Reflect.deleteProperty(part(object, "spec"), "selector"))).toHaveLength(1);
  expect(await broken((object) => Object.assign(part(object, "spec"), { replicas: "two" }))).toHaveLength(1);
  expect(await broken((object) => Object.assign(part(podOf(object)), { securityContex: {} }))).toEqual([
    "/spec/template/spec/securityContex does not exist",
  ]);
});

it("has plain manifests that are the chart with its defaults (npm run docs:manifests)", async () => {
  const rendered = await renderChart(plainValues());
  const written = readdirSync(path.join(projectRoot, "deploy/kubernetes")).filter((file) => file.endsWith(".yaml"));
  expect(written.toSorted()).toEqual([...rendered.keys()].toSorted());
  for (const [file, text] of rendered) expect(read(`deploy/kubernetes/${file}`)).toBe(MANIFEST_HEAD + text);
});
