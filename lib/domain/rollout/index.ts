export { abortRollout, pauseRollout, promoteRollout, resumeRollout } from "./decide.ts";
export { getRollout, listRollouts } from "./read.ts";
export { stepRollout } from "./step.ts";
