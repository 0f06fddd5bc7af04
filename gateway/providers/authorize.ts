import type { Authorize } from "./contract.ts";

/** `Authorization: Bearer`, as most vendors want it. */
export const bearer: Authorize = (_outgoing, { secret }) => ["authorization", `Bearer ${secret}`];

/** The key as it is, in a header of this name. */
export function keyHeader(name: string): Authorize {
  return (_outgoing, { secret }) => [name, secret];
}
