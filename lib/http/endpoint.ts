import { z } from "zod";
import type { Context } from "../domain/context.ts";
import type { LongVerb, Verb } from "../domain/verb.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** A row of the table, as a noun's file writes it. */
export interface EndpointRow<I extends z.ZodType, O extends z.ZodType> {
  method: Method;
  /** Below `/api/v1`, with parameters as members of the verb's input: `/plans/{id}`. */
  path: `/${string}`;
  verb: Verb<I, O> | LongVerb<I, O>;
  /** One sentence for the API reference. */
  summary: string;
  /** For a POST that makes something: where it is afterwards, with members of the answer as parameters. Answers 201. */
  created?: `/${string}`;
  /** For a POST that makes something without an address of its own. */
  status?: 201;
  /** For a PATCH: the schema that the patched thing must fit, for the API reference. */
  patches?: z.ZodType;
  /** How many calls of the throttle one request counts as. */
  weight?: number;
}

/** One endpoint of the management API: a verb under a method and a path. */
export interface Endpoint extends Omit<EndpointRow<z.ZodType, z.ZodType>, "verb"> {
  verb: Pick<Verb, "verbName" | "kind" | "permission" | "input" | "output">;
  segments: string[];
  parameters: string[];
  /** Calls the verb, which parses the input itself. */
  call(ctx: Context, input: unknown): Promise<unknown>;
  /** For a verb that takes long: the same, saying how far it is. */
  steps?(ctx: Context, input: unknown): AsyncGenerator<unknown, unknown>;
}

/** Makes a row of the table. Throws at start when a path parameter is no member of the verb's input. */
export function endpoint<I extends z.ZodType, O extends z.ZodType>(row: EndpointRow<I, O>): Endpoint {
  const segments = row.path.split("/").slice(1);
  const parameters = segments.flatMap((segment) => parameterOf(segment) ?? []);
  const members = row.verb.input instanceof z.ZodObject ? row.verb.input.shape : {};
  const missing = parameters.find((parameter) => !(parameter in members));
  if (missing !== undefined) throw new Error(`${row.path}: ${row.verb.verbName} takes no ${missing}`);
  const { verb } = row;
  const made: Endpoint = { ...row, segments, parameters, call: (ctx, input) => verb(ctx, asInput(verb, input)) };
  if ("steps" in verb) made.steps = (ctx, input) => verb.steps(ctx, asInput(verb, input));
  return made;
}

/** Guarantee: a verb parses what it is given before it looks at it, so that anything may be handed to it. */
function asInput<I extends z.ZodType>(_verb: Verb<I>, input: unknown): z.input<I> {
  return input as z.input<I>;
}

/** The name inside `{…}`, or undefined for a fixed segment. */
export function parameterOf(segment: string): string | undefined {
  return /^\{(\w+)\}$/.exec(segment)?.[1];
}
