import { z } from "zod";

/** What an installation can be set to. */
export const SettingsInput = z.strictObject({
  /** Whether another person must approve exactly what is published. Rolling back stays possible at once. */
  approvalRequired: z.boolean(),
});
export const SettingsView = SettingsInput.extend({ etag: z.string() });
export type SettingsView = z.infer<typeof SettingsView>;
