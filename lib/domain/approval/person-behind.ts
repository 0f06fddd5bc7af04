import type { Tx } from "../../db/client.ts";
import type { Actor } from "../context.ts";

/** Tokens can make tokens; no chain of any sense is longer. */
const CHAIN_MAX = 20;

/** Who is behind an actor: of a management token, whoever made it, so that nobody approves what their own token asked for. */
export async function personBehind(tx: Tx, { kind, id }: Actor): Promise<string> {
  if (kind !== "managementToken") return id;
  let person = id;
  for (let step = 0; step < CHAIN_MAX; step += 1) {
    const token = await tx.managementToken.findUnique({ where: { id: person } });
    if (!token) break;
    person = token.createdBy;
  }
  return person;
}
