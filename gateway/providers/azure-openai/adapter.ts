import type { ProviderOptions } from "#lib/contract/providers.ts";
import { keyHeader } from "../authorize.ts";
import type { ProviderAdapter } from "../contract.ts";
import { type Endpoints, makeAdapter } from "../make-adapter.ts";
import { CHAT_TRANSLATION, OPENAI_ENDPOINTS } from "../openai-dialect.ts";

/** The newest version of the deployments API that is generally available. */
const API_VERSION = "2024-10-21";

/** The deployments API serves what the v1 API does, but neither moderations nor, as a deployment, responses. */
const { moderations: _moderations, "images.variations": _variations, ...SERVED } = OPENAI_ENDPOINTS;
const { responses: _responses, ...DEPLOYED } = SERVED;

function under(prefix: string, suffix: string, endpoints: Endpoints): Endpoints {
  return Object.fromEntries(Object.entries(endpoints).map(([action, path]) => [action, prefix + path + suffix]));
}

/** Azure OpenAI: the v1 API, which has the deployment in the body, or the older one, which has it in the path. */
export function azureOpenai(options: ProviderOptions): ProviderAdapter {
  const version = options["apiVersion"];
  const isV1 = options["api"] !== "deployments";
  const suffix = version === undefined ? (isV1 ? "" : `?api-version=${API_VERSION}`) : `?api-version=${version}`;
  const chat = `${isV1 ? "/openai/v1" : "/openai/deployments/{model}"}/chat/completions${suffix}`;
  return makeAdapter({
    kind: "azure_openai",
    endpoints: isV1 ? under("/openai/v1", suffix, SERVED) : under("/openai/deployments/{model}", suffix, DEPLOYED),
    authorize: keyHeader("api-key"),
    translation: { ...CHAT_TRANSLATION, path: chat, streamPath: chat },
  });
}
