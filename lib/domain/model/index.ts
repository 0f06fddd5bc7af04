export { listModels } from "./list.ts";
