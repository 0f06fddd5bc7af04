"use client";
import { RadioGroup as Primitive } from "radix-ui";
import { ProviderMark } from "#components/upstreams/provider-mark.tsx";
import { type ProviderChoice, providers } from "#components/upstreams/provider-words.ts";

/** Every provider a node can speak to, as cards of which one is chosen. */
export function ProviderGallery({ value, onChoose }: { value: string; onChoose: (provider: ProviderChoice) => void }) {
  return (
    <Primitive.Root
      aria-label="Provider"
      value={value}
      onValueChange={(kind) => {
        const provider = providers.find((candidate) => candidate.kind === kind);
        if (provider) onChoose(provider);
      }}
      className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3"
    >
      {providers.map((provider) => (
        <Primitive.Item
          key={provider.kind}
          value={provider.kind}
          className="flex min-w-0 items-center gap-3 rounded-lg border border-line-strong bg-surface p-3 text-left transition-colors hover:bg-subtle data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <ProviderMark kind={provider.kind} />
          <span className="min-w-0">
            <span className="block font-medium text-sm">{provider.label}</span>
            <span className="block truncate text-muted text-xs">
              {provider.defaultBaseUrl ?? "Any server that speaks its dialect"}
            </span>
          </span>
        </Primitive.Item>
      ))}
    </Primitive.Root>
  );
}
