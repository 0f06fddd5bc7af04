export { discardDraft } from "./discard.ts";
export { getDraft } from "./read.ts";
