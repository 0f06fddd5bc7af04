"use client";
import { z } from "zod";
import { hasTiers, PriceBoxes, priceBody, priceBoxes } from "#components/catalogue/price-values.ts";
import { useLastEditor } from "#components/draft/use-last-editor.ts";
import { FormInput, FormSelect } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useRace } from "#components/forms/use-race.ts";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { providerLabel, providers } from "#components/upstreams/provider-words.ts";
import type { CatalogueModel } from "#lib/domain/model/schemas.ts";
import { PriceOverrideInput } from "#lib/domain/price-override/schemas.ts";
import { useCreatePrice, useReadPrice, useUpdatePrice } from "#lib/query/catalogue.ts";

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

/** A price with the state it is in. */
type Priced = Pick<CatalogueModel, "price"> & { etag: string };

/** Sets or changes what a model costs. `model` null: of one that the catalogue does not list. */
export function PriceDialog({ model, onClose }: { model: CatalogueModel | null; onClose: () => void }) {
  const create = useCreatePrice();
  const update = useUpdatePrice();
  const saved = useSavedToDraft();
  const override = model?.override ?? null;
  const { provider = "openai_compatible", model: name = "", price: shown = null } = model ?? {};
  const valuesOf = ({ price }: Priced) => ({ provider, model: name, price: priceBoxes(price) });
  const read = useReadPrice(override?.id ?? "");
  const reload = async (): Promise<Priced> => {
    const { etag, price } = await read();
    return { etag, price: { provider, model: name, isOverride: true, ...price } };
  };
  const who = useLastEditor("price", `${provider}/${name}`);
  const latest: Priced = { etag: override?.etag ?? "", price: shown };
  const { current, race } = useRace({ latest, values: valuesOf, reload, noun: "price", who });
  const state = useResourceForm({
    schema: Values,
    defaultValues: valuesOf(current()),
    race: override ? race : undefined,
    onSubmit: async (values) => {
      const price = priceBody(values.price);
      if (override) await update.mutateAsync({ id: override.id, etag: current().etag, price });
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
