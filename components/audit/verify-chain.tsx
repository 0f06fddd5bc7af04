"use client";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { z } from "zod";
import { exactNumber } from "#components/format/number.ts";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { VerifyView } from "#lib/domain/audit/schemas.ts";
import { useVerifyAudit } from "#lib/query/audit.ts";

const headPattern = /^[0-9a-f]{64}$/;

/** Recomputes the audit's chain of hashes and shows the proof. */
export function VerifyChain() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <ShieldCheck aria-hidden className="text-faint" />
        Verify the chain
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Verify the audit"
        description="Each entry is sealed with a hash over itself and the entry before it. Recomputing them all finds any entry that was changed, deleted or put elsewhere."
      >
        <VerifyForm />
      </Dialog>
    </>
  );
}

function VerifyForm() {
  const verify = useVerifyAudit();
  const [head, setHead] = useState("");
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const submit = () => {
    const noted = head.trim().toLowerCase();
    if (noted !== "" && !headPattern.test(noted)) {
      setProblem("A head has 64 hexadecimal digits.");
      return;
    }
    setProblem(undefined);
    verify.mutate(noted);
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label="Head noted down before"
        hint="With it, an end that was cut off cannot go unseen. Leave it empty the first time."
        error={problem}
        isOptionalShown
      >
        {(control) => (
          <Input
            {...control}
            value={head}
            onChange={(event) => setHead(event.target.value)}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-xs"
          />
        )}
      </Field>
      <Button type="submit" variant="primary" isPending={verify.isPending} className="self-start">
        {verify.data ? "Verify again" : "Verify"}
      </Button>
      {verify.error ? (
        <Notice tone="danger" title="The chain was not verified">
          {describeProblem(verify.error)}
        </Notice>
      ) : null}
      {verify.data && !verify.isPending ? <Proof proof={verify.data} /> : null}
    </form>
  );
}

function Proof({ proof }: { proof: z.output<typeof VerifyView> }) {
  const { firstProblem } = proof;
  return (
    <div className="flex flex-col gap-3">
      {proof.valid ? (
        <Notice tone="success" title="The chain is whole">
          {exactNumber(proof.sealed)} {proof.sealed === 1 ? "entry is" : "entries are"} what was sealed, in the order in
          which they were committed.
        </Notice>
      ) : (
        <Notice tone="danger" title={`The chain is broken at link ${firstProblem?.sequence ?? "?"}`}>
          {firstProblem?.detail ?? "An entry is not what was sealed."}
          {firstProblem?.entryId ? (
            <>
              {" "}
              Entry <code className="break-all text-xs">{firstProblem.entryId}</code>.
            </>
          ) : null}
        </Notice>
      )}
      <KeyValueList
        items={[
          { label: "Entries", value: exactNumber(proof.entries) },
          { label: "Sealed", value: exactNumber(proof.sealed) },
          {
            label: "Not sealed yet",
            value:
              proof.unsealed === 0 ? "none" : `${exactNumber(proof.unsealed)}: the sealer comes by every second or so`,
          },
          {
            label: "Head",
            value: (
              <span className="flex items-start gap-1">
                <code className="min-w-0 break-all text-xs">{proof.head}</code>
                <CopyButton value={proof.head} label="Copy head" />
              </span>
            ),
          },
        ]}
      />
      <p className="text-muted text-sm">Keep the head somewhere else, and give it here the next time.</p>
    </div>
  );
}
