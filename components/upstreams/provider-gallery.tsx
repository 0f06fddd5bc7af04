"use client";
import { useId, useState } from "react";
import { SearchInput } from "#components/ui/search-input.tsx";
import { ProviderMark } from "#components/upstreams/provider-mark.tsx";
import {
  addressLine,
  type ProviderChoice,
  providerGroups,
  providerLabel,
  providers,
} from "#components/upstreams/provider-words.ts";

/** Every provider a node can speak to, by group, as cards of which one is chosen; a box finds one by its name. */
export function ProviderGallery({ value, onChoose }: { value: string; onChoose: (provider: ProviderChoice) => void }) {
  const name = useId();
  const [sought, setSought] = useState("");
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const found = providers.filter(({ kind, label }) => {
    const text = `${label} ${kind}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <div className="flex flex-col gap-4">
      <SearchInput
        label="Find a provider"
        value={sought}
        onValueChange={setSought}
        // Enter would send the form that the gallery stands in.
        onKeyDown={(event) => {
          if (event.key === "Enter") event.preventDefault();
          if (event.key === "Escape") setSought("");
        }}
      />
      <p className="text-sm">
        <span className="text-muted">Chosen: </span>
        <span className="font-medium">{providerLabel(value)}</span>
      </p>
      <div
        role="radiogroup"
        aria-label="Provider"
        // On a phone the whole gallery is several screens long: it scrolls in a box of its own.
        className="flex flex-col gap-4 max-sm:max-h-96 max-sm:overflow-y-auto max-sm:rounded-lg max-sm:border max-sm:border-line max-sm:p-2"
      >
        {providerGroups.map((group) => {
          const members = found.filter((provider) => provider.group === group);
          if (members.length === 0) return null;
          return (
            <section key={group} aria-label={group}>
              <h3 className="mb-2 font-medium text-muted text-xs">{group}</h3>
              <div className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
                {members.map((provider) => (
                  <ProviderCard
                    key={provider.kind}
                    name={name}
                    provider={provider}
                    isChosen={provider.kind === value}
                    onChoose={onChoose}
                  />
                ))}
              </div>
            </section>
          );
        })}
      </div>
      {found.length === 0 ? (
        <p role="status" className="text-muted text-sm">
          No provider is called that. One that speaks OpenAI’s dialect is “OpenAI-compatible”.
        </p>
      ) : null}
    </div>
  );
}

function ProviderCard({
  name,
  provider,
  isChosen,
  onChoose,
}: {
  name: string;
  provider: ProviderChoice;
  isChosen: boolean;
  onChoose: (provider: ProviderChoice) => void;
}) {
  return (
    <label className="flex min-w-0 cursor-pointer items-center gap-3 rounded-lg border border-line-strong bg-surface p-3 transition-colors hover:bg-subtle has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent-text">
      <input
        type="radio"
        name={name}
        value={provider.kind}
        checked={isChosen}
        onChange={() => onChoose(provider)}
        className="sr-only"
      />
      <ProviderMark kind={provider.kind} />
      <span className="min-w-0">
        <span className="block font-medium text-sm">{provider.label}</span>
        <span className="block truncate text-muted text-xs">{addressLine(provider)}</span>
      </span>
    </label>
  );
}
