import type { RateLimitScope } from "#lib/contract/rate-limit.ts";
import { addressBlock } from "#lib/policy/address-block.ts";

/** What of a call says whom it counts for. */
export interface LimitedCall {
  readonly id: string;
  readonly consumer: { readonly id: string; readonly teamId: string } | null;
  readonly apiKey: { readonly id: string } | null;
  readonly request: { readonly sourceAddress: string };
}

/** Whom a call counts for in a limit of this scope. */
export function subjectOf(call: LimitedCall, per: RateLimitScope): string {
  switch (per) {
    case "consumer":
      return call.consumer?.id ?? "";
    case "key":
      return call.apiKey?.id ?? "";
    case "team":
      return call.consumer?.teamId ?? "";
    case "address":
      return addressBlock(call.request.sourceAddress);
    case "route":
    case "upstream":
      return "";
  }
}
