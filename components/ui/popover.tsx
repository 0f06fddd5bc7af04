"use client";
import { Popover as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "#components/ui/class-names.ts";

export const Popover = Primitive.Root;
export const PopoverTrigger = Primitive.Trigger;
export const PopoverClose = Primitive.Close;

/** Content of a popover; give it an `aria-label` when it has no heading. */
export function PopoverContent({ className, align = "start", ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        align={align}
        sideOffset={4}
        collisionPadding={8}
        className={classNames(
          "z-50 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] animate-pop-in overflow-y-auto rounded-lg bg-raised p-3 shadow-pop outline-none",
          className,
        )}
        {...props}
      />
    </Primitive.Portal>
  );
}
