export { abortRollout, pauseRollout, promoteRollout, resumeRollout } from "./decide.ts";
export { isRolloutOpen } from "./open.ts";
export { getRollout, listRollouts } from "./read.ts";
export { stepRollout } from "./step.ts";
