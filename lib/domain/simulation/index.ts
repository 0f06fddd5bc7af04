export { simulateDraft } from "./simulate.ts";
