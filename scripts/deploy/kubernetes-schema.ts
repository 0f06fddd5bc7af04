// Kubernetes objects against what Kubernetes publishes of them: the JSON schemas for required fields, types and enums, and
// the official client's model for fields that do not exist, which the schemas let pass.

import * as client from "@kubernetes/client-node";
import { z } from "zod";
import { isValues, type Values } from "#scripts/deploy/chart.ts";

const Head = z.object({ apiVersion: z.string().regex(/^[a-z0-9./]+$/), kind: z.string().regex(/^[A-Za-z]+$/) });
const Fields = z.array(z.object({ baseName: z.string(), type: z.string() }));
const Validator = z.custom<new (object: Values) => { validate(): void }>((value) => typeof value === "function");

/** What is wrong with a Kubernetes object, by path. Throws for a kind that Kubernetes does not have. */
export async function kubernetesProblems(object: Values): Promise<string[]> {
  const { apiVersion, kind } = Head.parse(object);
  const module: Values = await import(/* @vite-ignore */ `kubernetes-models/${apiVersion}/${kind}`);
  const problems: string[] = [];
  try {
    new (Validator.parse(module[kind]))(object).validate();
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const version = apiVersion.split("/").at(-1) ?? "";
  return [...problems, ...unknownFields(object, version[0]?.toUpperCase() + version.slice(1) + kind, "")];
}

function unknownFields(value: unknown, type: string, at: string): string[] {
  const item = /^Array<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) {
    return Array.isArray(value) ? value.flatMap((each, index) => unknownFields(each, item, `${at}/${index}`)) : [];
  }
  const fields = fieldsOf(type);
  if (fields === null || !isValues(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = fields.get(name);
    return known === undefined ? [`${at}/${name} does not exist`] : unknownFields(inner, known, `${at}/${name}`);
  });
}

/** The fields of a model of the client with their types; null for what is no model (maps, texts, numbers). */
function fieldsOf(type: string): Map<string, string> | null {
  const model: unknown = Object.entries(client).find(([name]) => name === type)?.[1];
  if (typeof model !== "function" || !("getAttributeTypeMap" in model)) return null;
  const { getAttributeTypeMap } = model;
  if (typeof getAttributeTypeMap !== "function") return null;
  const fields = Fields.parse(getAttributeTypeMap.call(model));
  return new Map(fields.map(({ baseName, type: fieldType }) => [baseName, fieldType]));
}
