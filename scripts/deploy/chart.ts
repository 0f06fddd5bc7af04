// The Helm chart, rendered without Helm: its templates keep to what Go's own template engine knows, and that engine runs
// here as WebAssembly. The plain manifests are the chart with its default values.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse as renderGoTemplate } from "@evertdespiegeleer/go-template";
import { parse, parseAllDocuments } from "yaml";
import { projectRoot } from "#scripts/project-root.ts";

const chartFolder = path.join(projectRoot, "deploy/helm/turnpike");

/** A tree of values, as YAML has them. */
export type Values = { [name: string]: unknown };

/** The chart's default values. */
export function defaultValues(): Values {
  return parse(readFileSync(path.join(chartFolder, "values.yaml"), "utf8"));
}

/** The schema that Helm checks values against. */
export function valuesSchema(): Values {
  return JSON.parse(readFileSync(path.join(chartFolder, "values.schema.json"), "utf8"));
}

/** Each template's text after rendering, by its file's name. One that renders to nothing is left out. */
export async function renderChart(values: Values): Promise<Map<string, string>> {
  const chart = parse(readFileSync(path.join(chartFolder, "Chart.yaml"), "utf8"));
  const given = {
    Values: values,
    Release: { Name: "turnpike", Namespace: "turnpike" },
    Chart: { Name: chart.name, AppVersion: chart.appVersion },
  };
  const rendered = new Map<string, string>();
  for (const name of readdirSync(path.join(chartFolder, "templates")).sort()) {
    const template = readFileSync(path.join(chartFolder, "templates", name), "utf8");
    const text = (await renderGoTemplate(template, given)).replace(/^\n+/, "");
    if (text.trim() !== "") rendered.set(name, text);
  }
  return rendered;
}

/** The values with which the chart makes the plain manifests: no hook of Helm's, the rest as it is by default. */
export function plainValues(): Values {
  return { ...defaultValues(), migrate: { helmHook: false } };
}

/** The documents of a YAML text. Throws on one that is not well formed, or names a key twice. */
export function documentsOf(text: string): Values[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const value: unknown = document.toJS();
    return isValues(value) ? [value] : [];
  });
}

/** Whether something is a map of YAML. */
export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
