import type { Tx } from "../db/client.ts";

/**
 * The next number of a sequence. The row stays locked until the transaction ends, so numbers have no gaps and
 * commit in their order: a reader that has seen n has seen everything below n.
 */
export async function nextInSequence(tx: Tx, name: "revision" | "directory" | "credential"): Promise<number> {
  const row = await tx.sequence.update({ where: { name }, data: { value: { increment: 1 } } });
  return Number(row.value);
}
