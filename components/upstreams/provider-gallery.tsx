"use client";
import { useId } from "react";
import { ProviderMark } from "#components/upstreams/provider-mark.tsx";
import { type ProviderChoice, providers } from "#components/upstreams/provider-words.ts";

/** Every provider a node can speak to, as cards of which one is chosen. */
export function ProviderGallery({ value, onChoose }: { value: string; onChoose: (provider: ProviderChoice) => void }) {
  const group = useId();
  return (
    <div role="radiogroup" aria-label="Provider" className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
      {providers.map((provider) => (
        <label
          key={provider.kind}
          className="flex min-w-0 cursor-pointer items-center gap-3 rounded-lg border border-line-strong bg-surface p-3 transition-colors hover:bg-subtle has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent-text"
        >
          <input
            type="radio"
            name={group}
            value={provider.kind}
            checked={provider.kind === value}
            onChange={() => onChoose(provider)}
            className="sr-only"
          />
          <ProviderMark kind={provider.kind} />
          <span className="min-w-0">
            <span className="block font-medium text-sm">{provider.label}</span>
            <span className="block truncate text-muted text-xs">
              {provider.defaultBaseUrl ?? "Any server that speaks its dialect"}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}
