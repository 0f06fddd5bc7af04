"use client";
import { useState } from "react";
import { describeProblem, queryErrorState } from "#components/forms/describe-problem.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { SwitchField } from "#components/ui/switch.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { useSettings, useUpdateSettings } from "#lib/query/approvals.ts";

/** The rules of publishing: for everybody to see, and for an owner to change. */
export function PublishRules() {
  const mayRead = useMay("settings.read");
  const mayWrite = useMay("settings.write");
  const query = useSettings(mayRead);
  const update = useUpdateSettings();
  const [wanted, setWanted] = useState<boolean | null>(null);
  if (!mayRead) return null;
  const settings = query.data;
  const failure = settings ? null : queryErrorState(query);
  return (
    <TitledCard title="Rules of publishing">
      {failure ? <ErrorState {...failure} /> : null}
      {settings ? (
        <SwitchField
          label="Another person must approve"
          hint={
            mayWrite
              ? "Exactly what is published, by somebody else than who asks. Rolling back stays possible at once."
              : "Only an owner can change this. Rolling back stays possible at once."
          }
          checked={settings.approvalRequired}
          disabled={!mayWrite}
          onCheckedChange={setWanted}
        />
      ) : failure ? null : (
        <Skeleton className="h-10" />
      )}
      <ConfirmDialog
        isOpen={wanted !== null}
        onOpenChange={(isOpen) => !isOpen && setWanted(null)}
        title={wanted ? "Require another person’s approval?" : "Publish without approval?"}
        consequence={
          wanted
            ? "From now on a draft is published only once somebody else has approved exactly it."
            : "From now on whoever may publish can do so alone. The audit says that you decided this."
        }
        confirmLabel={wanted ? "Require approval" : "Allow without approval"}
        isDestructive={wanted === false}
        describeError={describeProblem}
        onConfirm={async () => {
          if (settings && wanted !== null) await update.mutateAsync({ approvalRequired: wanted, etag: settings.etag });
        }}
      />
    </TitledCard>
  );
}
