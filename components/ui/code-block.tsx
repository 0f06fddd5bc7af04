"use client";
import { useId, useState } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { TabList } from "#components/ui/tab-list.tsx";

export type CodeSample = { language: string; code: string };

/** Code with a copy button; several samples become tabs. `label` names the block for screen readers. */
export function CodeBlock({ label, samples }: { label: string; samples: readonly [CodeSample, ...CodeSample[]] }) {
  const idPrefix = useId();
  const [language, setLanguage] = useState(samples[0].language);
  const current = samples.find((sample) => sample.language === language) ?? samples[0];
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-subtle">
      <div className="flex items-center justify-between gap-2 border-line border-b pr-1 pl-3">
        <TabList
          label={label}
          idPrefix={idPrefix}
          isSmall
          tabs={samples.map((sample) => ({ value: sample.language, label: sample.language }))}
          value={current.language}
          onValueChange={setLanguage}
          className="min-w-0 gap-3"
        />
        <CopyButton value={current.code} label="Copy code" />
      </div>
      <div
        role="tabpanel"
        id={`${idPrefix}-panel-${current.language}`}
        aria-labelledby={`${idPrefix}-tab-${current.language}`}
      >
        <ScrollRegion label={`${label}, ${current.language}`} className="max-h-96 p-3">
          <pre className="text-xs leading-5">
            <code>{current.code}</code>
          </pre>
        </ScrollRegion>
      </div>
    </div>
  );
}
