"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { FormInput } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { TeamInput, type TeamView } from "#lib/domain/team/schemas.ts";
import { useCreateTeam, useDeleteTeam, useRenameTeam } from "#lib/query/teams.ts";

const formId = "team-name";

/** Adds a team, or renames the one that is given. */
export function TeamNameDialog({ team, onClose }: { team?: TeamView; onClose: () => void }) {
  const create = useCreateTeam();
  const rename = useRenameTeam();
  const state = useResourceForm({
    schema: TeamInput,
    defaultValues: { name: team?.name ?? "" },
    onSubmit: async (values) => {
      const saved = team ? await rename.mutateAsync({ team, name: values.name }) : await create.mutateAsync(values);
      toast.success(team ? `Renamed to ${saved.name}` : `${saved.name} is added`);
      onClose();
    },
  });
  const isPending = create.isPending || rename.isPending;
  const verb = team ? "Rename" : "Add team";
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      size="sm"
      title={team ? `Rename ${team.name}` : "Add team"}
      description={team ? undefined : "Consumers belong to a team. Developers see their own teams and no others."}
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isPending={isPending}>
            {verb}
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel={verb} isFooterShown={false} isGuarded={false}>
        <FormInput
          state={state}
          name="name"
          label="Name"
          isRequired
          input={{ placeholder: "payments", autoComplete: "off" }}
        />
      </ResourceForm>
    </Dialog>
  );
}

/** Asks before a team goes. A team that still owns consumers cannot. */
export function DeleteTeamDialog({
  team,
  onClose,
  onDeleted,
}: {
  team: TeamView;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const remove = useDeleteTeam();
  const members = team.members === 1 ? "its member loses" : `its ${team.members} members lose`;
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={`Delete ${team.name}?`}
      consequence={
        team.consumers > 0
          ? `It still owns ${team.consumers === 1 ? "a consumer" : `${team.consumers} consumers`}: delete those first.`
          : `It is gone for good${team.members === 0 ? "" : `, and ${members} it`}. No consumer is touched.`
      }
      confirmLabel="Delete team"
      describeError={describeProblem}
      onConfirm={async () => {
        await remove.mutateAsync(team);
        toast.success(`${team.name} is deleted`);
        onDeleted?.();
      }}
    />
  );
}
