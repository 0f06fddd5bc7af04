"use client";
import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";

const shownAfterMs = 300;

/** Words on hover and on focus; the trigger must be focusable and must make sense without them. */
export function Tooltip({
  content,
  side = "top",
  children,
}: {
  content: ReactNode;
  side?: "top" | "bottom" | "left" | "right";
  children: ReactNode;
}) {
  return (
    <Primitive.Provider delayDuration={shownAfterMs}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-72 animate-fade-in rounded-md bg-fg px-2 py-1 text-canvas text-xs shadow-pop"
          >
            {content}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
