"use client";
import { Download } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { FormInput, FormNumber } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { NodeBundleInput, type NodeBundleIssued } from "#lib/domain/node-bundle/schemas.ts";
import { useCreateNodeBundle } from "#lib/query/node-bundles.ts";

const HOUR_SECONDS = 3_600;
const { shape } = NodeBundleInput;
const Values = z
  .object({
    group: shape.group.unwrap(),
    nodesMax: shape.nodesMax.unwrap(),
    hours: z
      .number()
      .int()
      .min(1)
      .max(30 * 24),
  })
  .transform(({ group, nodesMax, hours }) => ({ group, nodesMax, ttlSeconds: hours * HOUR_SECONDS }));

/** Exports what new nodes start from while the control plane is away, and shows its key this once. */
export function ExportBundleDialog({ onClose }: { onClose: () => void }) {
  const [issued, setIssued] = useState<NodeBundleIssued | null>(null);
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Export a node bundle"
      description="New nodes start from it while the control plane is away, and join once it is back."
      size="lg"
      footer={issued ? <Button onClick={onClose}>Done</Button> : null}
    >
      {issued ? <Issued issued={issued} /> : <BundleForm onIssued={setIssued} onCancel={onClose} />}
    </Dialog>
  );
}

function BundleForm({ onIssued, onCancel }: { onIssued: (issued: NodeBundleIssued) => void; onCancel: () => void }) {
  const create = useCreateNodeBundle();
  const state = useResourceForm({
    schema: Values,
    defaultValues: { group: "default", nodesMax: 10, hours: 24 },
    onSubmit: async (values) => onIssued(await create.mutateAsync(values)),
  });
  return (
    <ResourceForm state={state} submitLabel="" isFooterShown={false} isGuarded={false}>
      <Notice tone="warning" title="It holds every upstream's secret">
        Encrypted under a key that is shown once. Whoever has the file and the key has the secrets, as they are now.
      </Notice>
      <div className="grid gap-4 sm:grid-cols-3">
        <FormInput state={state} name="group" label="Group" isRequired input={{ autoComplete: "off" }} />
        <FormNumber state={state} name="nodesMax" label="Nodes at most" isRequired />
        <FormNumber state={state} name="hours" label="Good for" suffix="h" isRequired hint="At most 720." />
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          Export
        </Button>
      </div>
    </ResourceForm>
  );
}

function Issued({ issued }: { issued: NodeBundleIssued }) {
  const variables = `TURNPIKE_CONTROL_URL=${window.location.origin} TURNPIKE_BUNDLE=${issued.fileName}`;
  return (
    <div className="flex flex-col gap-3">
      <Button variant="primary" onClick={() => save(issued)}>
        <Download aria-hidden />
        Save {issued.fileName}
      </Button>
      <CodeBlock
        label="Start a node from it"
        samples={[{ language: "npm", code: `${variables} TURNPIKE_BUNDLE_KEY=${issued.key} npm run gateway` }]}
      />
      <p className="text-muted text-sm">The key is shown this once. Keep it apart from the file.</p>
    </div>
  );
}

function save({ bundle, fileName }: NodeBundleIssued): void {
  const bytes = Uint8Array.from(atob(bundle), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
