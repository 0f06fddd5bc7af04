import { applyTemplate, listTemplates, previewTemplate } from "../../domain/template/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const templates: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/policy-templates",
    verb: listTemplates,
    summary: "List ready policies to start from, with their parameters",
  }),
  endpoint({
    method: "POST",
    path: "/policy-templates/{name}/preview",
    verb: previewTemplate,
    summary: "What a template would put into the draft, in words, and which names are taken; changes nothing",
  }),
  endpoint({
    method: "POST",
    path: "/policy-templates/{name}/apply",
    verb: applyTemplate,
    summary: "Put what a template makes into the draft, all of it or nothing; what is there is never changed",
  }),
];
