export { discardDraft } from "./discard.ts";
export { discardChange } from "./discard-change.ts";
export { listHistory } from "./history.ts";
export { compileDraft, getDraft, plansInUse } from "./read.ts";
