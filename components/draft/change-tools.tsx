"use client";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { DiscardChange } from "#components/draft/discard-change.tsx";
import { HistoryButton } from "#components/draft/history-sheet.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { DraftView } from "#lib/domain/draft/schemas.ts";

/** Under a change of the draft: who made it and when, its history, and the way to take it back alone. */
export function ChangeTools({ change, etag }: { change: DraftView["changes"][number]; etag: string }) {
  const [isDiscarding, setDiscarding] = useState(false);
  const mayDiscard = useMay("draft.discard");
  const { lastEdit, name } = change;
  const isListPrice = change.resource === "price" && lastEdit === null;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2 text-muted text-xs">
      <span className="mr-auto">
        {lastEdit ? (
          <>
            {lastEdit.actor.name ?? lastEdit.actor.id}, <RelativeTime at={lastEdit.at} />
          </>
        ) : isListPrice ? (
          "From the price list"
        ) : null}
      </span>
      {isListPrice ? null : <HistoryButton subject={change} name={name} size="sm" />}
      {mayDiscard && !isListPrice ? (
        <Button size="sm" onClick={() => setDiscarding(true)} aria-label={`Discard the change of ${name}`}>
          <Undo2 aria-hidden />
          Discard
        </Button>
      ) : null}
      {isDiscarding ? <DiscardChange change={change} etag={etag} onClose={() => setDiscarding(false)} /> : null}
    </div>
  );
}
