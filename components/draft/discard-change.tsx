"use client";
import { useState } from "react";
import { fieldWords, outerField } from "#components/draft/field-words.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { toast } from "#components/ui/toast.ts";
import { fieldChanges } from "#lib/contract/field-changes.ts";
import type { DraftView } from "#lib/domain/draft/schemas.ts";
import { useDiscardChange } from "#lib/query/draft.ts";

type Change = DraftView["changes"][number];

const whole = "";
const consequences = {
  add: "It leaves the draft. It was never published.",
  update: "It is what the active revision says again.",
  remove: "It comes back as the active revision has it.",
} as const;

/** Takes one change of the draft back, all of it or one field. Exactly the draft in sight is changed: a later edit refuses it. */
export function DiscardChange({ change, etag, onClose }: { change: Change; etag: string; onClose: () => void }) {
  const [field, setField] = useState(whole);
  const [failure, setFailure] = useState<string | null>(null);
  const discard = useDiscardChange();
  const { op, resource, id, name, before, after } = change;
  const fields =
    op === "update" ? [...new Set(fieldChanges(before, after).map(({ pointer }) => outerField(pointer)))] : [];
  const send = async () => {
    setFailure(null);
    try {
      await discard.mutateAsync({ resource, id, etag, ...(field === whole ? {} : { field }) });
      toast.success("Change discarded", { description: `${resource} ${name}: ${consequences[op]}` });
      onClose();
    } catch (error) {
      setFailure(describeProblem(error));
    }
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && !discard.isPending && onClose()}
      title={`Discard the change of “${name}”?`}
      description={`${consequences[op]} Nodes notice nothing.`}
      size="sm"
      footer={
        <>
          <Button onClick={onClose} disabled={discard.isPending}>
            Cancel
          </Button>
          <Button variant="danger" isPending={discard.isPending} onClick={() => void send()}>
            Discard
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {failure ? <Notice tone="danger">{failure}</Notice> : null}
        {fields.length > 1 ? (
          <RadioGroup
            label="What to take back"
            value={field}
            onValueChange={setField}
            options={[
              { value: whole, label: `All ${fields.length} fields` },
              ...fields.map((pointer) => ({ value: pointer, label: `Only ${fieldWords(pointer)}` })),
            ]}
          />
        ) : null}
      </div>
    </Dialog>
  );
}
