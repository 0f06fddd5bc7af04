import type { ParameterView } from "./schemas.ts";
import { type Given, textOf } from "./template.ts";

/** What a plan is called. */
export function planName(fallback: string): ParameterView {
  const help = "The plan's name. Consumers are put on it afterwards.";
  return { name: "planName", label: "Plan", help, kind: "planName", default: fallback };
}

/** What a route is called. */
export function routeName(fallback: string): ParameterView {
  const help = "What callers put into “model”.";
  return { name: "routeName", label: "Route", help, kind: "routeName", default: fallback };
}

/** A whole number with its bounds. */
export function count(
  name: string,
  label: string,
  help: string,
  bounds: { default: number; min: number; max: number },
): ParameterView {
  return { name, label, help, kind: "count", ...bounds };
}

/** Where calls go: an upstream and its own name for the model. `which` tells several apart. */
export function target(suffix: string, which: string): ParameterView[] {
  const named = (noun: string) => capital(which === "" ? noun : `${which} ${noun}`);
  const model = "The upstream's own name for it.";
  return [
    { name: `upstream${suffix}`, label: named("upstream"), help: "Where calls go.", kind: "upstream", default: null },
    { name: `model${suffix}`, label: named("model"), help: model, kind: "model", default: null },
  ];
}

/** The target that was given. */
export function at(given: Given, suffix = ""): { upstreamId: string; model: string } {
  return { upstreamId: textOf(given, `upstream${suffix}`), model: textOf(given, `model${suffix}`) };
}

/** The target that was given, for a sentence. */
export function place(given: Given, suffix: string, upstream: (id: string) => string): string {
  const { upstreamId, model } = at(given, suffix);
  return `${model} at ${upstream(upstreamId)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
