import { classifyHost } from "../../policy/address.ts";
import { requirePermission } from "../authorize.ts";
import type { Actor } from "../context.ts";
import { invalidField } from "../errors.ts";
import { isClusterKnown } from "../scaling/cluster.ts";
import type { ScalingPolicy } from "../scaling/schemas.ts";
import type { NodeGroupDriver } from "./schemas.ts";

/**
 * Refuses a driver that cannot do what the group asks of it. `before`: what the group has now. Throws 422, or 403 where
 * the actor may not point a webhook at a private address.
 */
export function requireUsableDriver(
  actor: Actor,
  input: { driver: NodeGroupDriver; scaling: ScalingPolicy | null },
  hasSecret: boolean,
  before?: NodeGroupDriver,
): void {
  const { driver, scaling } = input;
  if (driver.kind === "none" && scaling !== null)
    throw invalidField("/scaling", "scaling_without_driver", "Nobody would carry it out: choose a driver as well.");
  if (driver.kind === "kubernetes" && !isClusterKnown())
    throw invalidField(
      "/driver/kind",
      "not_supported",
      "The control plane does not run in a cluster. Set TURNPIKE_KUBECONFIG to a file that leads to one.",
    );
  if (driver.kind === "webhook") requireUsableWebhook(actor, driver, hasSecret, before);
}

function requireUsableWebhook(
  actor: Actor,
  driver: Extract<NodeGroupDriver, { kind: "webhook" }>,
  hasSecret: boolean,
  before?: NodeGroupDriver,
): void {
  const url = new URL(driver.url);
  if (url.username !== "" || url.password !== "")
    throw invalidField("/driver/url", "credentials_in_url", "Take the user name and password out of the address.");
  if (!hasSecret)
    throw invalidField("/driver/secret", "required", "Give a secret of at least 16 characters to sign requests with.");
  const isUnchanged = before?.kind === "webhook" && before.allowPrivateNetwork && before.url === driver.url;
  if (driver.allowPrivateNetwork && !isUnchanged) requirePermission(actor, "upstream.privateNetwork");
  const verdict = classifyHost(url.hostname);
  if (verdict === "forbidden")
    throw invalidField("/driver/url", "private_address", "Link-local and metadata addresses are never allowed.");
  if (verdict === "private" && !driver.allowPrivateNetwork)
    throw invalidField(
      "/driver/url",
      "private_address",
      "This is a loopback or private address. Set allowPrivateNetwork to true if that is what you want.",
    );
}
