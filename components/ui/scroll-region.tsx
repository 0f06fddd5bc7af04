import type { ComponentProps } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** A box that scrolls must be reachable by keyboard, so it stands in the tab order though it does nothing itself. */
const reachable = { tabIndex: 0 };

/** A named region that scrolls inside itself. */
export function ScrollRegion({ label, className, ...props }: ComponentProps<"section"> & { label: string }) {
  return (
    <section
      aria-label={label}
      className={classNames("focus-inset overflow-auto", className)}
      {...reachable}
      {...props}
    />
  );
}
