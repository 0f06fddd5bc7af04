import { listModels } from "../../domain/model/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const models: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/models",
    verb: listModels,
    summary: "The catalogue: published routes, their versions and prices",
  }),
];
