"use client";
import { useState } from "react";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { TemplateFields } from "#components/templates/template-fields.tsx";
import { TemplateValues, templateBody, templateDefaults } from "#components/templates/template-values.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { TemplatePreview, TemplateView } from "#lib/domain/template/schemas.ts";
import { useApplyTemplate, usePreviewTemplate } from "#lib/query/templates.ts";

const formId = "policy-template";

/** Asks for a template's parameters, shows in words what it would make, and puts that into the draft. */
export function TemplateDialog({ template, onClose }: { template: TemplateView; onClose: () => void }) {
  const ask = usePreviewTemplate();
  const apply = useApplyTemplate();
  const saved = useSavedToDraft();
  const [preview, setPreview] = useState<TemplatePreview | null>(null);
  const state = useResourceForm({
    schema: TemplateValues,
    defaultValues: templateDefaults(template),
    onSubmit: async (values) => {
      setPreview(await ask.mutateAsync({ name: template.name, parameters: templateBody(values) }));
    },
  });
  const goBack = () => {
    apply.reset();
    setPreview(null);
  };
  const put = () => {
    apply.mutate(
      { name: template.name, parameters: templateBody(state.form.getValues()) },
      {
        onSuccess: ({ resources }) => {
          saved(`${resources.map(({ resource, name }) => `${resource} “${name}”`).join(", ")}.`);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={template.title}
      description={preview ? "What goes into the draft. Nothing that is there is changed." : template.summary}
      footer={
        preview ? (
          <>
            <Button onClick={goBack} disabled={apply.isPending}>
              Back
            </Button>
            <Button variant="primary" onClick={put} isPending={apply.isPending} disabled={preview.taken.length > 0}>
              Put into the draft
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" isPending={state.form.formState.isSubmitting}>
              Show what it makes
            </Button>
          </>
        )
      }
    >
      {/* Kept while the words are shown: going back finds what was typed. */}
      <div hidden={preview !== null}>
        <ResourceForm
          id={formId}
          state={state}
          submitLabel="Show what it makes"
          isFooterShown={false}
          isGuarded={false}
        >
          <TemplateFields state={state} template={template} />
          {template.limits ? <Notice>{template.limits}</Notice> : null}
        </ResourceForm>
      </div>
      {preview ? <PreviewWords preview={preview} problem={apply.error} /> : null}
    </Dialog>
  );
}

function PreviewWords({ preview, problem }: { preview: TemplatePreview; problem: Error | null }) {
  return (
    <div className="flex flex-col gap-4">
      {preview.taken.length > 0 ? (
        <Notice tone="warning" title="These are there already">
          {preview.taken.map(({ resource, name }) => `${resource} “${name}”`).join(", ")}. Go back and choose other
          names.
        </Notice>
      ) : null}
      {problem ? <Notice tone="danger">{describeProblem(problem)}</Notice> : null}
      <ul className="flex list-disc flex-col gap-2 pl-5 text-sm">
        {preview.words.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
