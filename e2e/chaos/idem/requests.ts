import { randomUUID } from "node:crypto";
import type { World } from "./world.ts";

/** A request that is new and would be taken: where to, with what, and as whom unless it is any owner's token. */
export interface Prepared {
  path: string;
  body: object;
  headers?: Record<string, string>;
}

const named =
  (path: string, more: (world: World) => object = () => ({})) =>
  async (world: World): Promise<Prepared> => ({
    path,
    body: { name: world.name(), ...more(world) },
  });

const onRollout =
  (state: "running" | "paused", act: string) =>
  async (world: World): Promise<Prepared> => ({
    path: `/rollouts/${await world.rollout(state)}/${act}`,
    body: {},
  });

const onApproval =
  (act: string) =>
  async (world: World): Promise<Prepared> => {
    await world.edit();
    const id = await world.made("/approvals", { note: "please" });
    return { path: `/approvals/${id}/${act}`, body: { note: act }, headers: (await world.person()).headers };
  };

const declaration =
  (path: string) =>
  async (world: World): Promise<Prepared> => ({
    path,
    body: { declaration: { turnpike: 1, name: "idem", plans: { [world.name()]: {} } } },
  });

const template =
  (act: string) =>
  async (world: World): Promise<Prepared> => ({
    path: `/policy-templates/fair-limits/${act}`,
    body: { parameters: { planName: world.name() } },
  });

/** A request for every POST of the table of endpoints. One that is missing here is a violation. */
export const REQUESTS: Record<string, (world: World) => Promise<Prepared>> = {
  "/teams": named("/teams"),
  "/consumers": named("/consumers", ({ teamId, planId }) => ({ teamId, planId })),
  "/consumers/{consumerId}/api-keys": async (world) => {
    const { teamId, planId } = world;
    const id = await world.made("/consumers", { name: world.name(), teamId, planId });
    return { path: `/consumers/${id}/api-keys`, body: { name: "key" } };
  },
  "/plans": named("/plans"),
  "/upstreams": named("/upstreams", () => ({
    provider: "openai",
    credential: { kind: "apiKey", secret: "sk-of-a-test" },
  })),
  "/credentials": named("/credentials", ({ upstreamId }) => ({ upstreamId, kind: "apiKey", secret: "sk-of-a-test" })),
  "/routes": named("/routes", ({ targets }) => ({ targets })),
  "/routes/{id}/purge-cache": async (world) => {
    const id = await world.made("/routes", { name: world.name(), targets: world.targets });
    return { path: `/routes/${id}/purge-cache`, body: {} };
  },
  "/routes/{id}/versions": async (world) => ({
    path: `/routes/${world.routeId}/versions`,
    body: { version: world.version(), targets: world.targets },
  }),
  "/price-overrides": async (world) => ({
    path: "/price-overrides",
    body: { provider: "openai", model: world.name(), price: { input: [{ fromTokens: 0, dollars: "1" }] } },
  }),
  "/policy-templates/{name}/preview": template("preview"),
  "/policy-templates/{name}/apply": template("apply"),
  "/declarations/plan": declaration("/declarations/plan"),
  "/declarations/apply": declaration("/declarations/apply"),
  "/draft/discard": async (world) => ({ path: "/draft/discard", body: { resource: "plan", id: await world.edit() } }),
  "/draft/simulate": async () => ({ path: "/draft/simulate", body: {} }),
  "/revisions": async (world) => {
    await world.edit();
    return { path: "/revisions", body: { note: "once" } };
  },
  "/revisions/{number}/rollback": async (world) => ({
    path: `/revisions/${(await world.publish()) - 1}/rollback`,
    body: {},
  }),
  "/rollouts/{id}/pause": onRollout("running", "pause"),
  "/rollouts/{id}/resume": onRollout("paused", "resume"),
  "/rollouts/{id}/promote": onRollout("running", "promote"),
  "/rollouts/{id}/abort": onRollout("running", "abort"),
  "/approvals": async (world) => {
    await world.edit();
    return { path: "/approvals", body: { note: "please" } };
  },
  "/approvals/{id}/approve": onApproval("approve"),
  "/approvals/{id}/reject": onApproval("reject"),
  "/scheduled-publishes": async (world) => {
    await world.owner.query(`UPDATE scheduled_publish SET state = 'cancelled' WHERE state = 'waiting'`);
    await world.edit();
    return { path: "/scheduled-publishes", body: { at: new Date(Date.now() + 86_400_000).toISOString() } };
  },
  "/node-groups": named("/node-groups"),
  "/nodes/raise-epoch": async () => ({ path: "/nodes/raise-epoch", body: {} }),
  "/node-bundles": async () => ({ path: "/node-bundles", body: {} }),
  "/join-tokens": named("/join-tokens"),
  "/me/password": async (world) => {
    const { headers, password } = await world.person();
    return { path: "/me/password", body: { currentPassword: password, newPassword: `new-${randomUUID()}` }, headers };
  },
  "/users": async (world) => ({
    path: "/users",
    body: { email: `${world.name()}@example.test`, name: "Somebody", role: "auditor" },
  }),
  "/users/{id}/password": async (world) => ({ path: `/users/${(await world.person()).id}/password`, body: {} }),
  "/management-tokens": named("/management-tokens", () => ({ role: "auditor" })),
};
