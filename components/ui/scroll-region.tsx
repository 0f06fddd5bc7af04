import type { ComponentProps } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** A box that scrolls must be reachable by keyboard, so it stands in the tab order though it does nothing itself. */
const reachable = { tabIndex: 0 };

/** A named region that scrolls inside itself; positioned, so that nothing hidden in it widens the page. */
export function ScrollRegion({ label, className, ...props }: ComponentProps<"section"> & { label: string }) {
  return (
    <section
      aria-label={label}
      className={classNames("focus-inset relative overflow-auto", className)}
      {...reachable}
      {...props}
    />
  );
}
