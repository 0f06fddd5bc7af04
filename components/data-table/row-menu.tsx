"use client";
import { Ellipsis } from "lucide-react";
import type { RowAction } from "#components/data-table/column.ts";
import { Button } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";

/** What can be done with one row. Draws nothing when there is nothing the viewer may do. */
export function RowMenu({ actions, label = "Row actions" }: { actions: readonly RowAction[]; label?: string }) {
  if (actions.length === 0) return null;
  return (
    <Menu
      button={
        <Button variant="ghost" size="icon-sm" aria-label={label}>
          <Ellipsis aria-hidden />
        </Button>
      }
      entries={actions.map((action) => ({ kind: "item", ...action }))}
    />
  );
}
