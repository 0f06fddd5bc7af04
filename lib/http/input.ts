import { DomainError, type FieldError } from "../domain/errors.ts";
import { parseJson, refuseUnstorable } from "./json-body.ts";
import type { Matched } from "./match.ts";
import { readBody } from "./read-body.ts";

/**
 * A verb's input from a request: path parameters, and the query of a GET, the body of a POST, or the body of a PATCH
 * as the member `patch`. Everything is still unparsed. Throws 400, 408, 413, 415, and 422 for what no schema can see:
 * a query key given twice, a query where none belongs, a body that is no object or that repeats a path parameter.
 */
export async function readInput(request: Request, { endpoint, parameters }: Matched): Promise<Record<string, unknown>> {
  const query = readQuery(new URL(request.url).searchParams);
  if (endpoint.method === "GET") return joined(parameters, query);
  refuseUnknown(Object.keys(query), "There is no such query parameter here. Take it out.");
  if (endpoint.method === "DELETE") return parameters;
  const text = await readBody(request, endpoint.method);
  const body = requireObject(text === "" && endpoint.method === "POST" ? {} : parseJson(text));
  return endpoint.method === "PATCH" ? { ...parameters, patch: body } : joined(parameters, body);
}

function readQuery(search: URLSearchParams): Record<string, string> {
  const names = [...search.keys()];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  refuse(twice.map((name) => field(name, "repeated", "Give this query parameter once.")));
  const query = Object.fromEntries(search);
  refuseUnstorable(query);
  return query;
}

function joined(parameters: Record<string, string>, rest: Record<string, unknown>): Record<string, unknown> {
  const inPath = Object.keys(rest).filter((name) => Object.hasOwn(parameters, name));
  refuseUnknown(inPath, "This is named in the address already. Take it out.");
  return { ...parameters, ...rest };
}

function requireObject(body: unknown): Record<string, unknown> {
  if (!isObject(body)) {
    const detail = "The body must be a JSON object.";
    throw new DomainError("invalid_request", detail, [{ pointer: "", code: "invalid_type", detail }]);
  }
  return body;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuseUnknown(names: string[], detail: string): void {
  refuse(names.map((name) => field(name, "unknown_field", detail)));
}

function field(name: string, code: string, detail: string): FieldError {
  return { pointer: `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, code, detail };
}

function refuse(fields: FieldError[]): void {
  if (fields.length > 0) throw new DomainError("invalid_request", fields[0]?.detail ?? "", fields);
}
