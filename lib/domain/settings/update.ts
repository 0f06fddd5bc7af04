import { z } from "zod";
import { lostRace, requireMatch } from "../etag.ts";
import { JsonObject, mergePatch } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { settingsView } from "./read.ts";
import { SettingsInput, SettingsView } from "./schemas.ts";

/** Changes the settings of the installation. Only an owner may: whoever could, could approve for themselves. 412. */
export const updateSettings = mutation({
  name: "settings.update",
  permission: "settings.write",
  input: z.strictObject({ patch: JsonObject }),
  output: SettingsView,
  async run(ctx, { patch }) {
    const before = await ctx.tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    requireMatch(ctx, before.settingsVersion);
    const { approvalRequired } = before;
    const changed = parseInput(SettingsInput, mergePatch({ approvalRequired }, patch));
    const { count } = await ctx.tx.installation.updateMany({
      where: { id: 1, settingsVersion: before.settingsVersion },
      data: { ...changed, settingsVersion: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const output = settingsView(await ctx.tx.installation.findUniqueOrThrow({ where: { id: 1 } }));
    return {
      output,
      audit: { resource: "settings", id: "settings", name: "settings", before: settingsView(before), after: output },
    };
  },
});
