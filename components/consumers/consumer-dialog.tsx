"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { searchPlans, searchTeams } from "#components/choices/search-options.ts";
import { FormInput } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Combobox, type ComboboxOption } from "#components/ui/combobox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useViewer } from "#components/viewer/viewer.tsx";
import { ConsumerInput } from "#lib/domain/consumer/schemas.ts";
import { useCreateConsumer } from "#lib/query/consumers.ts";

const formId = "add-consumer";

/** Adds a consumer on a published plan and goes to its page, where its first key is one click away. */
export function ConsumerDialog({ onClose, team }: { onClose: () => void; team?: { id: string; name: string } }) {
  const router = useRouter();
  const create = useCreateConsumer();
  const { teams } = useViewer();
  const ownTeam = team ?? (teams.length === 1 ? teams[0] : undefined);
  const [chosenTeam, setChosenTeam] = useState<ComboboxOption | null>(
    ownTeam ? { value: ownTeam.id, label: ownTeam.name } : null,
  );
  const [chosenPlan, setChosenPlan] = useState<ComboboxOption | null>(null);
  const state = useResourceForm({
    schema: ConsumerInput,
    defaultValues: { name: "", teamId: ownTeam?.id ?? "", planId: "" },
    onSubmit: async (values) => {
      const consumer = await create.mutateAsync(values);
      toast.success(`${consumer.name} is added`, { description: "Now give it a key." });
      router.push(`/consumers/${consumer.id}`);
    },
  });
  const isPending = create.isPending || state.isSaved;
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Add consumer"
      description="An application that calls the gateway. Its keys, limits and bills belong to it."
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isPending={isPending}>
            Add consumer
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Add" isFooterShown={false} isGuarded={false}>
        <FormInput
          state={state}
          name="name"
          label="Name"
          isRequired
          input={{ placeholder: "checkout-bot", autoComplete: "off" }}
        />
        <FormField state={state} name="teamId" label="Team" isRequired hint="Who owns it and pays for it.">
          {(control, field) => (
            <Combobox
              {...control}
              search={searchTeams}
              value={chosenTeam}
              onValueChange={(option) => {
                setChosenTeam(option);
                field.onChange(option?.value ?? "");
              }}
              placeholder="Whose is it?"
              emptyText="No team has this name."
            />
          )}
        </FormField>
        <FormField
          state={state}
          name="planId"
          label="Plan"
          isRequired
          hint="A plan must be published before it can be chosen."
        >
          {(control, field) => (
            <Combobox
              {...control}
              search={searchPlans}
              value={chosenPlan}
              onValueChange={(option) => {
                setChosenPlan(option);
                field.onChange(option?.value ?? "");
              }}
              placeholder="What may it do?"
              emptyText={
                <>
                  No plan has this name.{" "}
                  <Link href="/plans" className="text-accent-text hover:underline">
                    See the plans
                  </Link>
                </>
              }
            />
          )}
        </FormField>
      </ResourceForm>
    </Dialog>
  );
}
