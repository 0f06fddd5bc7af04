"use client";
import { useState } from "react";
import { searchPlans } from "#components/choices/search-options.ts";
import { FormInput } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Combobox, type ComboboxOption } from "#components/ui/combobox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { ConsumerPatch, type ConsumerView } from "#lib/domain/consumer/schemas.ts";
import { useUpdateConsumer } from "#lib/query/consumers.ts";

const formId = "edit-consumer";
const Edited = ConsumerPatch.pick({ name: true, planId: true });

/** Renames a consumer or moves it to another plan: in force on every node at once. */
export function EditConsumerDialog({ consumer, onClose }: { consumer: ConsumerView; onClose: () => void }) {
  const update = useUpdateConsumer();
  const [plan, setPlan] = useState<ComboboxOption | null>({
    value: consumer.planId,
    label: consumer.planName ?? "a plan that is not published",
  });
  const state = useResourceForm({
    schema: Edited,
    defaultValues: { name: consumer.name, planId: consumer.planId },
    onSubmit: async (patch) => {
      await update.mutateAsync({ consumer, patch });
      toast.success("Saved", { description: "In force on every node." });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Edit ${consumer.name}`}
      description="Its keys stay as they are and follow the plan at once."
      footer={
        <>
          <Button onClick={onClose} disabled={update.isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isPending={update.isPending}>
            Save
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Save" isFooterShown={false} isGuarded={false}>
        <FormInput state={state} name="name" label="Name" isRequired input={{ autoComplete: "off" }} />
        <FormField state={state} name="planId" label="Plan" isRequired>
          {(control, field) => (
            <Combobox
              {...control}
              search={searchPlans}
              value={plan}
              onValueChange={(option) => {
                setPlan(option);
                field.onChange(option?.value ?? "");
              }}
              emptyText="No plan has this name."
            />
          )}
        </FormField>
      </ResourceForm>
    </Dialog>
  );
}
