"use client";
import { ListFilter } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Popup, preloadPopup } from "#components/ui/popup.tsx";
import { useViewer } from "#components/viewer/viewer.tsx";
import type { RequestFilterKey } from "#lib/query/requests.ts";
import { filterDimensions } from "./filter-dimensions.ts";

const FilterChoices = dynamic(() => import("./filter-choices.tsx"), { ssr: false });

/** "Filter": first by what, then which; both by typing or arrows. `keys` are the dimensions on offer. */
export function AddFilter({
  keys,
  onAdd,
}: {
  keys: readonly RequestFilterKey[];
  onAdd: (key: RequestFilterKey, value: string) => void;
}) {
  const { permissions } = useViewer();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const offered = filterDimensions.filter(
    ({ key, permission }) => keys.includes(key) && (permission === undefined || permissions.includes(permission)),
  );
  return (
    <>
      <Button
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={preloadPopup}
        onFocus={preloadPopup}
        onClick={() => setOpen(!isOpen)}
      >
        <ListFilter aria-hidden className="text-faint" />
        Filter
      </Button>
      <Popup button={button} isOpen={isOpen} onOpenChange={setOpen} label="Add a filter" className="w-64 p-0">
        <FilterChoices
          dimensions={offered}
          onChoose={(key, value) => {
            onAdd(key, value);
            setOpen(false);
          }}
        />
      </Popup>
    </>
  );
}
