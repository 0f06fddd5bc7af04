import type { ComponentProps } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";

/** Plain table parts for small, fixed tables; lists from the server use `DataTable`. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    <div className="relative w-full overflow-x-auto">
      <PlainTable className={className} {...props} />
    </div>
  );
}

/** A table with nothing in it to focus, whose box is reached by keyboard so that it can be scrolled by it. */
export function ReadOnlyTable({ label, ...props }: ComponentProps<"table"> & { label: string }) {
  return (
    <ScrollRegion label={label}>
      <PlainTable aria-label={label} {...props} />
    </ScrollRegion>
  );
}

function PlainTable({ className, ...props }: ComponentProps<"table">) {
  return <table className={classNames("w-full border-collapse text-sm", className)} {...props} />;
}

export function TableHead({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={classNames(
        "h-9 whitespace-nowrap border-line border-b px-3 text-left font-medium text-muted text-xs",
        className,
      )}
      {...props}
    />
  );
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={classNames("border-line border-b last:border-0 hover:bg-subtle", className)} {...props} />;
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={classNames("px-3 py-2 align-middle", className)} {...props} />;
}
