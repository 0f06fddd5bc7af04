import { z } from "zod";
import { query } from "../verb.ts";
import { TEMPLATES, templateWith } from "./catalogue.ts";
import { givenUpstreams, resourcesOf, takenNames } from "./names.ts";
import { TemplateInput, TemplateList, TemplatePreview, TemplateView } from "./schemas.ts";

/** Ready policies to start from. */
export const listTemplates = query({
  name: "policyTemplate.list",
  permission: "draft.read",
  input: z.strictObject({}),
  output: TemplateList,
  run: async () => ({ data: TEMPLATES.map((template) => TemplateView.parse(template)) }),
});

/** What a template would make, in words, and which names stand in its way. Changes nothing. 404, 422. */
export const previewTemplate = query({
  name: "policyTemplate.preview",
  permission: "draft.read",
  input: TemplateInput,
  output: TemplatePreview,
  async run(ctx, { name, parameters }) {
    const { template, given } = templateWith(name, parameters);
    const upstreams = await givenUpstreams(ctx.tx, template, given);
    const resources = resourcesOf(template.make(given));
    const words = template.words(given, (id) => upstreams.get(id) ?? id);
    return { words, resources, taken: await takenNames(ctx.tx, resources) };
  },
});
