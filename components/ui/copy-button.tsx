"use client";
import { Check, Copy, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { useCopied } from "#components/ui/use-copied.ts";

const icons = { idle: Copy, copied: Check, failed: X } as const;
const words = { idle: "", copied: "Copied", failed: "Copying was refused by the browser" } as const;

/** Copies `value`. With `isWordShown` the button says so in words, otherwise it is an icon with an accessible name. */
export function CopyButton({
  value,
  label = "Copy",
  isWordShown = false,
  variant = "ghost",
}: {
  value: string;
  label?: string;
  isWordShown?: boolean;
  variant?: "ghost" | "secondary" | "primary";
}) {
  const { state, copy } = useCopied();
  const Icon = icons[state];
  return (
    <Button
      variant={variant}
      size={isWordShown ? "md" : "icon-sm"}
      onClick={() => void copy(value)}
      {...(isWordShown ? {} : { "aria-label": label, title: label })}
    >
      <Icon aria-hidden className={state === "copied" ? "text-success" : undefined} />
      {isWordShown ? <span>{state === "idle" ? label : words[state]}</span> : null}
      <span role="status" className="sr-only">
        {words[state]}
      </span>
    </Button>
  );
}
