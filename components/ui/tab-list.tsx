"use client";
import type { KeyboardEvent, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** The row of tabs: one of them is in the tab order; arrows, Home and End move and choose. */
export function TabList({
  label,
  tabs,
  value,
  onValueChange,
  idPrefix,
  isSmall = false,
  className,
}: {
  label: string;
  tabs: readonly { value: string; label: ReactNode }[];
  value: string;
  onValueChange: (value: string) => void;
  /** Panels are `<prefix>-panel-<value>`, labelled by `<prefix>-tab-<value>`. */
  idPrefix: string;
  isSmall?: boolean;
  className?: string;
}) {
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>, index: number) => {
    const targets: Record<string, number> = {
      ArrowRight: (index + 1) % tabs.length,
      ArrowLeft: (index - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = tabs[targets[event.key] ?? -1];
    if (!target) return;
    event.preventDefault();
    onValueChange(target.value);
    document.getElementById(`${idPrefix}-tab-${target.value}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className={classNames("flex overflow-x-auto", className)}>
      {tabs.map((tab, index) => {
        const isChosen = tab.value === value;
        return (
          <button
            key={tab.value}
            type="button"
            role="tab"
            id={`${idPrefix}-tab-${tab.value}`}
            aria-selected={isChosen}
            aria-controls={isChosen ? `${idPrefix}-panel-${tab.value}` : undefined}
            tabIndex={isChosen ? 0 : -1}
            onClick={() => onValueChange(tab.value)}
            onKeyDown={(event) => onKeyDown(event, index)}
            className={classNames(
              "focus-inset -mb-px flex items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-0.5 py-2 text-muted transition-colors hover:text-fg",
              isSmall ? "text-xs" : "text-sm",
              isChosen && "border-accent font-medium text-fg",
            )}
          >
            {tab.label}
          </button>
        );
      })}
    </div>
  );
}
