import { DomainError, type FieldError } from "../errors.ts";
import { addressOf } from "../upstream/check-provider.ts";
import type { Declaration } from "./schemas.ts";
import { type DeclaredThing, plain, segment } from "./thing.ts";

/**
 * Everything a declaration names, one by one, each with all its fields. Throws a 422 with an entry for each thing that is
 * named twice or says what cannot be.
 */
export function declaredThings(declaration: Declaration): DeclaredThing[] {
  const problems: FieldError[] = [];
  const things = [
    ...declaration.teams.map((name, index) => thing("team", name, `/teams/${index}`, { name })),
    ...Object.entries(declaration.upstreams).flatMap(([name, upstream]) => upstreamThings(name, upstream)),
    ...Object.entries(declaration.plans).map(([name, fields]) =>
      thing("plan", name, `/plans${segment(name)}`, { name, ...fields }),
    ),
    ...declaration.prices.map(({ provider, model, ...price }, index) =>
      thing("price", `${provider}/${model}`, `/prices/${index}`, { price }),
    ),
    ...Object.entries(declaration.routes).flatMap(([name, route]) => routeThings(name, route, problems)),
    ...declaration.consumers.map(({ team, name, plan, suspended, suspendedReason }, index) => {
      const reason = suspended ? (suspendedReason ?? "") : null;
      const fields = { name, plan, suspended, suspendedReason: reason };
      return thing("consumer", `${team}/${name}`, `/consumers/${index}`, fields);
    }),
  ];
  const seen = new Set<string>();
  for (const { kind, key, pointer } of things) {
    const mark = `${kind} ${key}`;
    if (seen.has(mark))
      problems.push({ pointer, code: "duplicate_name", detail: `The ${kind} ${key} is declared twice. Take one out.` });
    seen.add(mark);
  }
  const [first] = problems;
  if (first) throw new DomainError("invalid_request", `${first.pointer}: ${first.detail}`, problems);
  return things;
}

function thing(kind: DeclaredThing["kind"], key: string, pointer: string, fields: object): DeclaredThing {
  return { kind, key, pointer, fields: plain(fields) };
}

function upstreamThings(name: string, declared: Declaration["upstreams"][string]): DeclaredThing[] {
  const { credentials, ...fields } = declared;
  const at = `/upstreams${segment(name)}`;
  const own = thing("upstream", name, at, { name, ...fields, baseUrl: addressAt(at, declared) });
  const secrets = Object.entries(credentials).map(([label, { kind, secret }]) => {
    const where = `${at}/credentials${segment(label)}`;
    return { ...thing("credential", `${name}/${label}`, where, { name: label, kind }), secret };
  });
  return [own, ...secrets];
}

function addressAt(at: string, declared: Declaration["upstreams"][string]): string {
  try {
    return addressOf(declared);
  } catch (error) {
    throw atPointer(error, at);
  }
}

function routeThings(name: string, declared: Declaration["routes"][string], problems: FieldError[]): DeclaredThing[] {
  const { versions, defaultVersion, ...fields } = declared;
  const at = `/routes${segment(name)}`;
  const numbers = Object.keys(versions);
  const chosen = defaultVersion ?? numbers[0] ?? "";
  if (defaultVersion === undefined && numbers.length > 1) {
    const detail = `There are several versions. Say which one callers get: one of ${numbers.join(", ")}.`;
    problems.push({ pointer: `${at}/defaultVersion`, code: "required", detail });
  } else if (!numbers.includes(chosen)) {
    const detail = `There is no version ${chosen} here. Declare it, or choose one of ${numbers.join(", ")}.`;
    problems.push({ pointer: `${at}/defaultVersion`, code: "unknown_version", detail });
  }
  const route = thing("route", name, at, { name, ...fields, defaultVersion: chosen });
  return [
    route,
    ...numbers.map((number) => {
      const version = versions[number];
      const times = { deprecatedAt: instant(version?.deprecatedAt), sunsetAt: instant(version?.sunsetAt) };
      const where = `${at}/versions${segment(number)}`;
      return thing("routeVersion", `${name}@${number}`, where, { ...version, ...times });
    }),
  ];
}

function instant(time: string | null | undefined): string | null {
  return time == null ? null : new Date(time).toISOString();
}

/** A verb's refusal of one thing, told as a refusal of its place in the declaration. Anything else comes back as it is. */
export function atPointer(error: unknown, at: string): unknown {
  if (!(error instanceof DomainError)) return error;
  const fields = error.fields.length > 0 ? error.fields : [{ pointer: "", code: error.code, detail: error.message }];
  const placed = fields.map((field) => ({
    ...field,
    pointer: at + field.pointer.replace(/\/upstreamId$/, "/upstream").replace(/^\/planId$/, "/plan"),
  }));
  return new DomainError(error.code, `${at}: ${error.message}`, placed);
}

/** Runs a work whose refusals point into the declaration; the request's body has it under `declaration`. */
export async function inDeclaration<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const fields = error.fields.map((field) => ({ ...field, pointer: `/declaration${field.pointer}` }));
    throw new DomainError(error.code, error.message, fields);
  }
}
