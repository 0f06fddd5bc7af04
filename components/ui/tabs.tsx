"use client";
import { type ReactNode, useId, useState } from "react";
import { TabList } from "#components/ui/tab-list.tsx";

export type Tab = { value: string; label: ReactNode; count?: number; content: ReactNode };

/** Tabs over parts of one page. Controlled by `value` (put it in the URL), or free with `defaultValue`. */
export function Tabs({
  label,
  tabs,
  value,
  defaultValue,
  onValueChange,
  className,
}: {
  /** Names the tab list for screen readers. */
  label: string;
  tabs: readonly Tab[];
  value?: string;
  defaultValue?: string;
  onValueChange?: (value: string) => void;
  className?: string;
}) {
  const idPrefix = useId();
  const [own, setOwn] = useState(defaultValue);
  const current = tabs.find((tab) => tab.value === (value ?? own)) ?? tabs[0];
  if (!current) return null;
  return (
    <div className={className}>
      <TabList
        label={label}
        idPrefix={idPrefix}
        value={current.value}
        onValueChange={(chosen) => {
          setOwn(chosen);
          onValueChange?.(chosen);
        }}
        tabs={tabs.map((tab) => ({ value: tab.value, label: <TabLabel tab={tab} /> }))}
        className="gap-4 border-line border-b"
      />
      <div
        role="tabpanel"
        id={`${idPrefix}-panel-${current.value}`}
        aria-labelledby={`${idPrefix}-tab-${current.value}`}
        className="pt-4"
      >
        {current.content}
      </div>
    </div>
  );
}

function TabLabel({ tab }: { tab: Tab }) {
  return (
    <>
      {tab.label}
      {tab.count === undefined ? null : (
        <span className="num rounded-full bg-subtle px-1.5 text-muted text-xs">{tab.count}</span>
      )}
    </>
  );
}
