import { Backoff } from "./control/backoff.ts";
import { loadIdentity, type NodeIdentity, saveIdentity, wasRemoved } from "./control/identity.ts";
import { JoinRefused, join } from "./control/join.ts";
import type { GatewayEnv } from "./env.ts";
import { errorFacts, type Log } from "./log.ts";
import { startFromBundle } from "./snapshot/start-from-bundle.ts";

/**
 * Who this node is: what its disk says, else what a bundle starts it as, else what joining gives it, however long the
 * control plane is away. Throws `JoinRefused` where trying again does not help.
 */
export async function identityOf(env: GatewayEnv, version: string, log: Log): Promise<NodeIdentity> {
  const { nodeDirectory, TURNPIKE_CONTROL_URL: controlUrl, TURNPIKE_NODE_NAME: name } = env;
  const known = await loadIdentity(nodeDirectory);
  if (known !== null) return { ...known, controlUrl };
  if (await wasRemoved(nodeDirectory)) {
    throw new JoinRefused(`The node of ${nodeDirectory} was removed: remove that directory to join as another one`);
  }
  const { bundle, TURNPIKE_JOIN_TOKEN: joinToken } = env;
  if (bundle !== undefined) {
    const identity = await startFromBundle({ ...bundle, controlUrl, name, nodeDirectory, now: new Date() });
    log.info({ group: identity.group }, "started from a bundle: joins when the control plane is there");
    return identity;
  }
  if (joinToken === undefined) {
    throw new JoinRefused("This node has no identity yet: set TURNPIKE_JOIN_TOKEN to a token from the console");
  }
  const backoff = new Backoff(200, 5_000, Math.random);
  for (;;) {
    try {
      const identity = await join({ controlUrl, joinToken, name, version });
      await saveIdentity(nodeDirectory, identity);
      log.info({ nodeId: identity.nodeId, group: identity.group }, "joined");
      return identity;
    } catch (error) {
      if (error instanceof JoinRefused) throw error;
      log.warn(errorFacts(error), "could not join yet");
      await new Promise((resolve) => setTimeout(resolve, backoff.nextMs()));
    }
  }
}
