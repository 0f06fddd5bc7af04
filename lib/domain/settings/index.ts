export { getSettings } from "./read.ts";
export { updateSettings } from "./update.ts";
