export { listModels } from "./list.ts";
export { searchCatalogue } from "./search.ts";
