import { z } from "zod";
import type { Installation } from "#prisma/generated/client.ts";
import { etagOf } from "../etag.ts";
import { query } from "../verb.ts";
import { SettingsView } from "./schemas.ts";

/** The settings of the installation. */
export const getSettings = query({
  name: "settings.get",
  permission: "settings.read",
  input: z.strictObject({}),
  output: SettingsView,
  async run({ tx }) {
    return settingsView(await tx.installation.findUniqueOrThrow({ where: { id: 1 } }));
  },
});

/** The settings as the row holds them. */
export function settingsView({ approvalRequired, settingsVersion }: Installation): SettingsView {
  return { approvalRequired, etag: etagOf(settingsVersion) };
}
