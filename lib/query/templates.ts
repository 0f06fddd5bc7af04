import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AppliedTemplate, TemplateList, TemplatePreview } from "#lib/domain/template/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";

export const templatesKey = ["policyTemplates"] as const;

/** A template with what it was given. */
export interface TemplateAsked {
  name: string;
  parameters: Record<string, string | number>;
}

/** Ready policies to start from. */
export function useTemplates() {
  return useQuery({
    queryKey: templatesKey,
    queryFn: ({ signal }) => callApi(TemplateList, "GET", "/policy-templates", { signal }),
  });
}

/** Asks what a template would make; nothing is changed by it. */
export function usePreviewTemplate() {
  return useMutation({
    mutationFn: ({ name, parameters }: TemplateAsked) =>
      callApi(TemplatePreview, "POST", `/policy-templates/${name}/preview`, { body: { parameters } }),
  });
}

/** Puts what a template makes into the draft. */
export function useApplyTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, parameters }: TemplateAsked) =>
      callApi(AppliedTemplate, "POST", `/policy-templates/${name}/apply`, { body: { parameters } }),
    onSettled: () => {
      for (const key of ["plans", "routes", "draft"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
