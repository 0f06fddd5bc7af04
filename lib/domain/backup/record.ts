import { z } from "zod";
import { openDatabase } from "../../db/client.ts";
import { systemContext } from "../context.ts";
import { mutation } from "../verb.ts";

const Facts = z.strictObject({ createdAt: z.string(), rows: z.int(), epoch: z.int(), revision: z.int() });

/** Writes into the restored audit that it was restored. */
const recordRestoration = mutation({
  name: "installation.restore",
  permission: "epoch.raise",
  input: Facts,
  output: z.null(),
  async run({ tx }, facts) {
    const { name } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    return { output: null, audit: { resource: "installation", id: "1", name, after: facts } };
  },
});

/** Says in the audit of a database that has just been restored from what, and to what it was brought. */
export async function recordRestore(databaseUrl: string, facts: z.infer<typeof Facts>): Promise<void> {
  const database = openDatabase(databaseUrl, 1);
  try {
    await recordRestoration(systemContext(database, "restore"), facts);
  } finally {
    await database.$disconnect();
  }
}
