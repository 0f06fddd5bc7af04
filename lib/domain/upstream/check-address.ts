import { classifyHost } from "../../policy/address.ts";
import { requirePermission } from "../authorize.ts";
import type { Actor } from "../context.ts";
import { invalidField } from "../errors.ts";

interface Address {
  baseUrl: string;
  allowPrivateNetwork: boolean;
}

/**
 * Refuses a base URL that a node must never call, or may call only with leave: literal addresses are judged here,
 * names when the node resolves them at connect. Credentials belong in `credential`, not in the URL.
 */
export function requireReachableAddress(actor: Actor, input: Address, before?: Address): void {
  const url = new URL(input.baseUrl);
  if (url.username !== "" || url.password !== "")
    throw invalidField(
      "/baseUrl",
      "credentials_in_url",
      "Take the user name and password out of the address and give a credential instead.",
    );
  if (url.search !== "" || url.hash !== "")
    throw invalidField("/baseUrl", "invalid_url", "Take the query and fragment out of the address.");
  const isUnchanged = before?.allowPrivateNetwork === true && before.baseUrl === input.baseUrl;
  if (input.allowPrivateNetwork && !isUnchanged) requirePermission(actor, "upstream.privateNetwork");
  const verdict = classifyHost(url.hostname);
  if (verdict === "forbidden") {
    throw invalidField(
      "/baseUrl",
      "private_address",
      "Link-local, metadata, multicast and unspecified addresses are never allowed.",
    );
  }
  if (verdict === "private" && !input.allowPrivateNetwork) {
    throw invalidField(
      "/baseUrl",
      "private_address",
      "This is a loopback or private address. Set allowPrivateNetwork to true if that is what you want.",
    );
  }
}
