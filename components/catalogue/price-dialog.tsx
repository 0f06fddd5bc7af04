"use client";
import { z } from "zod";
import { hasTiers, PriceBoxes, priceBody, priceBoxes } from "#components/catalogue/price-values.ts";
import { FormInput, FormSelect } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { providerLabel, providers } from "#components/upstreams/provider-words.ts";
import type { CatalogueModel } from "#lib/domain/model/schemas.ts";
import { PriceOverrideInput } from "#lib/domain/price-override/schemas.ts";
import { useCreatePrice, useUpdatePrice } from "#lib/query/catalogue.ts";

const formId = "model-price";
const Values = z.object({
  provider: PriceOverrideInput.shape.provider,
  model: PriceOverrideInput.shape.model,
  price: PriceBoxes,
});

const boxes = [
  ["input", "Input", "Dollars a million tokens. Empty: calls that read tokens have no cost that is known."],
  ["cachedInput", "Cached input", "Empty: as input."],
  ["cacheWrite", "Cache writes", "Empty: as input."],
  ["output", "Output", "Dollars a million tokens. Zero says that it costs nothing."],
  ["perThousandRequests", "A thousand requests", "Beside the tokens, where a provider charges for each request."],
] as const;

/** Sets or changes what a model costs. `model` null: of one that the catalogue does not list. */
export function PriceDialog({ model, onClose }: { model: CatalogueModel | null; onClose: () => void }) {
  const create = useCreatePrice();
  const update = useUpdatePrice();
  const saved = useSavedToDraft();
  const override = model?.override ?? null;
  const state = useResourceForm({
    schema: Values,
    defaultValues: {
      provider: model?.provider ?? "openai_compatible",
      model: model?.model ?? "",
      price: priceBoxes(model?.price ?? null),
    },
    onSubmit: async (values) => {
      const price = priceBody(values.price);
      if (override) await update.mutateAsync({ ...override, price });
      else await create.mutateAsync({ provider: values.provider, model: values.model, price });
      saved(`The price of “${values.model}” is set.`);
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={model ? `Price of “${model.model}”` : "Set a model’s price"}
      description={
        model
          ? `As ${providerLabel(model.provider)} serves it, in the place of the price list.`
          : "For a model that no price list knows, such as one you run yourself."
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isPending={state.form.formState.isSubmitting}>
            Save to draft
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Save to draft" isFooterShown={false} isGuarded={false}>
        {hasTiers(model?.price ?? null) ? (
          <Notice tone="warning">
            This price rises with the size of the call. Saving here makes it one price for all.
          </Notice>
        ) : null}
        {model ? null : (
          <>
            <FormSelect
              state={state}
              name="provider"
              label="Provider"
              isRequired
              options={providers.map(({ kind, label }) => ({ value: kind, label }))}
            />
            <FormInput
              state={state}
              name="model"
              label="Model"
              isRequired
              hint="As targets name it."
              input={{ autoComplete: "off", spellCheck: false }}
            />
          </>
        )}
        {boxes.map(([key, label, hint]) => (
          <FormInput
            key={key}
            state={state}
            name={`price.${key}`}
            label={label}
            hint={hint}
            input={{ inputMode: "decimal", autoComplete: "off", placeholder: "0.00" }}
          />
        ))}
      </ResourceForm>
    </Dialog>
  );
}
