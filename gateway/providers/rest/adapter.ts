import type { ProviderOptions } from "#lib/contract/providers.ts";
import { bearer, keyHeader } from "../authorize.ts";
import type { Authorize, ProviderAdapter } from "../contract.ts";
import { makeAdapter } from "../make-adapter.ts";

/** In the query, where it is put when the path is made. */
const inQuery: Authorize = () => [];

/** Any REST API: it serves routes of kind `http`, whose calls name their own path. */
export function rest(options: ProviderOptions): ProviderAdapter {
  const { credentialIn = "bearer", credentialName } = options;
  const authorize =
    credentialIn === "header"
      ? keyHeader((credentialName ?? "x-api-key").toLowerCase())
      : credentialIn === "query"
        ? inQuery
        : bearer;
  return makeAdapter({ kind: "rest", endpoints: { http: "" }, authorize });
}
