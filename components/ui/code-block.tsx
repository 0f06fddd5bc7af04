"use client";
import { Tabs as Primitive } from "radix-ui";
import { useState } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";

export type CodeSample = { language: string; code: string };

/** Code with a copy button; several samples become tabs. `label` names the block for screen readers. */
export function CodeBlock({ label, samples }: { label: string; samples: readonly [CodeSample, ...CodeSample[]] }) {
  const [language, setLanguage] = useState(samples[0].language);
  const current = samples.find((sample) => sample.language === language) ?? samples[0];
  return (
    <Primitive.Root
      value={current.language}
      onValueChange={setLanguage}
      className="overflow-hidden rounded-lg border border-line bg-subtle"
    >
      <div className="flex items-center justify-between gap-2 border-line border-b pr-1 pl-3">
        <Primitive.List aria-label={label} className="flex min-w-0 gap-3 overflow-x-auto">
          {samples.map((sample) => (
            <Primitive.Trigger
              key={sample.language}
              value={sample.language}
              className="focus-inset -mb-px whitespace-nowrap border-transparent border-b-2 py-2 text-muted text-xs hover:text-fg data-[state=active]:border-accent data-[state=active]:text-fg"
            >
              {sample.language}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
        <CopyButton value={current.code} label="Copy code" />
      </div>
      {samples.map((sample) => (
        <Primitive.Content key={sample.language} value={sample.language} tabIndex={-1}>
          <ScrollRegion label={`${label}, ${sample.language}`} className="max-h-96 p-3">
            <pre className="text-xs leading-5">
              <code>{sample.code}</code>
            </pre>
          </ScrollRegion>
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
