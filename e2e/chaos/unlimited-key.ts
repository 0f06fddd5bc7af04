import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import type { StartedTurnpike } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";

/** A key of a plan without limits: a refusal for its rate would be no failure of ours. */
export function unlimitedKey(turnpike: StartedTurnpike): Promise<string> {
  return unlimitedKeyBy(managementApi(turnpike.consoleUrl, turnpike.token));
}

/** The same, through a client of the management API. Resolves once every node has the plan. */
export async function unlimitedKeyBy(api: ManagementApi): Promise<string> {
  const mark = Date.now().toString(36);
  const plan = await api.must("POST", "/plans", { name: `unlimited ${mark}` });
  const { number } = await api.must("POST", "/revisions", { note: "a plan without limits" });
  const team = (await api.must("GET", "/teams")).data[0];
  const consumer = await api.must("POST", "/consumers", { name: `chaos ${mark}`, teamId: team.id, planId: plan.id });
  const key = await api.must("POST", `/consumers/${consumer.id}/api-keys`, { name: "chaos" });
  await waitUntil("the plan on the node", 10_000, async () => {
    const { data } = await api.must("GET", "/nodes");
    return data.every((node: { appliedRevision: number }) => node.appliedRevision >= number) || undefined;
  });
  return key.secret;
}
