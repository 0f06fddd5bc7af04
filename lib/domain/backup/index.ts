export { BackupRefused } from "./container.ts";
export { writeBackup } from "./dump.ts";
export { readBackup } from "./read.ts";
export { type RestoreOrder, restoreBackup } from "./restore.ts";
