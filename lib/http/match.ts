import { z } from "zod";
import { notFound } from "../domain/errors.ts";
import { type Endpoint, parameterOf } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";

export const API_PREFIX = "/api/v1";

/** An endpoint and the values of its path parameters. */
export interface Matched {
  endpoint: Endpoint;
  parameters: Record<string, string>;
}

/**
 * Finds the endpoint of a method and path. Fixed segments win over parameters, and are compared as they were sent, so
 * that no encoding reaches an endpoint by a second name. Throws 404 `unknown_path` and 405 with `Allow`.
 */
export function matchEndpoint(endpoints: readonly Endpoint[], method: string, pathname: string): Matched {
  const segments = pathname.startsWith(`${API_PREFIX}/`) ? pathname.slice(API_PREFIX.length + 1).split("/") : [];
  const fitting = endpoints.filter((candidate) => fits(candidate, segments));
  const fewest = Math.min(...fitting.map((candidate) => candidate.parameters.length));
  const nearest = fitting.filter((candidate) => candidate.parameters.length === fewest);
  if (nearest.length === 0) throw new HttpError("unknown_path", "There is nothing at this address. See /docs/api.");
  const found = nearest.find((candidate) => candidate.method === method);
  if (!found) {
    const allow = [...new Set(nearest.map((candidate) => candidate.method))].join(", ");
    throw new HttpError("method_not_allowed", `Only ${allow} can be sent to this address.`, { allow });
  }
  return { endpoint: found, parameters: valuesOf(found, segments) };
}

function fits(candidate: Endpoint, segments: string[]): boolean {
  if (candidate.segments.length !== segments.length) return false;
  return candidate.segments.every((wanted, index) =>
    parameterOf(wanted) === undefined ? wanted === segments[index] : segments[index] !== "",
  );
}

function valuesOf(found: Endpoint, segments: string[]): Record<string, string> {
  const pairs = found.segments.flatMap((wanted, index) => {
    const name = parameterOf(wanted);
    return name === undefined ? [] : [[name, decodeSegment(segments[index] ?? "")]];
  });
  return Object.fromEntries(pairs);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound("thing");
  }
}

/** Throws 404 when a path parameter cannot name anything: an id of the wrong form exists as little as an unknown one. */
export function requirePossible({ endpoint, parameters }: Matched): void {
  const members = endpoint.verb.input instanceof z.ZodObject ? endpoint.verb.input.shape : {};
  const isPossible = endpoint.parameters.every((name) => members[name]?.safeParse(parameters[name]).success);
  if (!isPossible) throw notFound("thing");
}
