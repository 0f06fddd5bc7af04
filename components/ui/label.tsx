import { Label as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** A label; give it `htmlFor`, or use `Field`, which wires the id. */
export function Label({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root className={classNames("font-medium text-fg text-sm", className)} {...props} />;
}
