import type { ForwardedAction } from "#lib/contract/action.ts";
import type { Authorize, ProviderAdapter, Quirks, Translation } from "./contract.ts";
import { type UsageReader, usageOfAction } from "./usage.ts";

export type Endpoints = Readonly<Partial<Record<ForwardedAction, string>>>;

/** What sets a provider apart; what is left out is as everybody does it. */
export interface AdapterParts {
  readonly kind: string;
  readonly endpoints: Endpoints;
  readonly authorize: Authorize;
  readonly streamEndpoints?: Endpoints;
  readonly headers?: readonly string[];
  readonly translation?: Translation | null;
  readonly quirks?: Partial<Quirks>;
  /** Readers of usage that are not those of the action's dialect. */
  readonly usage?: Readonly<Partial<Record<ForwardedAction, UsageReader>>>;
}

/** A dialect spoken to the letter. */
const NO_QUIRKS: Quirks = { renames: {}, adds: {}, omitsModel: false, takesStreamOptions: true };

/** Makes an adapter of what sets a provider apart. */
export function makeAdapter(parts: AdapterParts): ProviderAdapter {
  const {
    kind,
    endpoints,
    authorize,
    streamEndpoints = {},
    headers = [],
    translation = null,
    quirks = {},
    usage = {},
  } = parts;
  return {
    kind,
    endpoints,
    streamEndpoints,
    headers,
    translation,
    quirks: { ...NO_QUIRKS, ...quirks },
    authorize,
    usageOf: (action) => usage[action] ?? usageOfAction(action),
  };
}
