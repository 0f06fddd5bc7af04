export { createNodeBundle } from "./create.ts";
