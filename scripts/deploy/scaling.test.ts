import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { collectDefaultMetrics, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { projectRoot } from "#scripts/project-root.ts";
import { isValues } from "./chart.ts";
import { kubernetesProblems } from "./kubernetes-schema.ts";

const STATUS = "gateway/status";
const FOLDER = "deploy/kubernetes/scaling";
const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const documents = (file: string) => parseAllDocuments(read(`${FOLDER}/${file}`)).map((document) => document.toJS());

/** Names as the status port serves them: our own as they are written in its source, and the runtime's. */
function servedNames(): Set<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const runtime = registry.getMetricsAsArray().map(({ name }) => name);
  const sources = readdirSync(path.join(projectRoot, STATUS)).map((file) => read(`${STATUS}/${file}`));
  const own = sources.flatMap((text) => [...text.matchAll(/"(turnpike_\w+)"/g)].map((match) => match[1] ?? ""));
  return new Set([...runtime, ...own]);
}

const seriesIn = (text: string) => [...text.matchAll(/\b(turnpike_\w+|nodejs_\w+)(?=\{)/g)].map((match) => match[1]);

describe("the manifests for scaling by the platform", () => {
  it("have an autoscaler that fits what Kubernetes publishes", async () => {
    const [autoscaler] = documents("hpa-calls.yaml");
    expect(await kubernetesProblems(autoscaler)).toEqual([]);
    expect(autoscaler.spec.scaleTargetRef).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "turnpike-gateway",
    });
  });

  it("ask for metrics that nodes serve", () => {
    const served = servedNames();
    for (const file of ["prometheus-adapter-rules.yaml", "keda-scaled-object.yaml"]) {
      const asked = seriesIn(read(`${FOLDER}/${file}`));
      expect(asked.length).toBeGreaterThan(1);
      expect(asked.filter((name) => !served.has(name ?? ""))).toEqual([]);
    }
  });

  it("name in the autoscaler only what the adapter's rules make", () => {
    const [adapter] = documents("prometheus-adapter-rules.yaml");
    const made = adapter.rules.custom.map((rule: { name: { as: string } }) => rule.name.as);
    const [autoscaler] = documents("hpa-calls.yaml");
    const asked = autoscaler.spec.metrics.map(
      (metric: { pods: { metric: { name: string } } }) => metric.pods.metric.name,
    );
    expect(asked.toSorted()).toEqual(made.toSorted());
  });

  it("scale the Deployment that the plain manifests make, within the same bounds", () => {
    const all = parseAllDocuments(read("deploy/kubernetes/gateway.yaml")).map((document) => document.toJS());
    const named = all.filter(isValues).find(({ kind }) => kind === "HorizontalPodAutoscaler");
    const [scaled] = documents("keda-scaled-object.yaml");
    const spec = isValues(named?.spec) ? named.spec : {};
    expect(scaled.spec.scaleTargetRef).toEqual(spec.scaleTargetRef);
    expect([scaled.spec.minReplicaCount, scaled.spec.maxReplicaCount]).toEqual([spec.minReplicas, spec.maxReplicas]);
  });
});
