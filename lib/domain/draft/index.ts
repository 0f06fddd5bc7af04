export { discardDraft } from "./discard.ts";
export { compileDraft, getDraft, plansInUse } from "./read.ts";
