import type { Tx } from "../../db/client.ts";
import { createConsumer, deleteConsumer, updateConsumer } from "../consumer/index.ts";
import type { Context } from "../context.ts";
import { createCredential, deleteCredential, updateCredential } from "../credential/index.ts";
import { invalidField } from "../errors.ts";
import { createPlan, deletePlan, updatePlan } from "../plan/index.ts";
import { PlanInput } from "../plan/schemas.ts";
import { createPriceOverride, deletePriceOverride, updatePriceOverride } from "../price-override/index.ts";
import { PriceOverrideInput } from "../price-override/schemas.ts";
import { deleteRoute } from "../route/index.ts";
import { createTeam, deleteTeam, updateTeam } from "../team/index.ts";
import { createUpstream, deleteUpstream, updateUpstream } from "../upstream/index.ts";
import { CredentialKind, UpstreamCreate } from "../upstream/schemas.ts";
import { atPointer } from "./declared.ts";
import type { Planned } from "./plan-of.ts";
import { applyRoutes, removeVersion } from "./route-steps.ts";
import type { DeclaredChange, ThingKind } from "./schemas.ts";
import { type DeclaredThing, type Fields, mergePatchTo } from "./thing.ts";

type Inside = Context & { tx: Tx };

/** One declared change together with what it shall become and what it is now. */
export interface Step {
  change: DeclaredChange;
  wanted: DeclaredThing;
  now: Fields;
}

/** Carries out a plan by the verbs, in an order in which everything that is named exists already. */
export class Applying {
  private readonly ctx: Inside;
  private readonly planned: Planned;
  private readonly secrets: Readonly<Record<string, string>>;
  private readonly done = new Set<DeclaredChange>();

  constructor(ctx: Inside, planned: Planned, secrets: Readonly<Record<string, string>>) {
    this.ctx = ctx;
    this.planned = planned;
    this.secrets = secrets;
  }

  /** Teams, and everything that a draft has, but for what goes. */
  async policy(): Promise<void> {
    const { ctx } = this;
    const { present } = this.planned;
    await this.each("team", async ({ change, wanted, now }) => {
      const { name } = named(wanted.fields);
      if (change.id === null) present.teamIds.set(name, (await createTeam(ctx, { name })).id);
      else await updateTeam(ctx, { id: change.id, patch: mergePatchTo(now, wanted.fields) });
    });
    await this.each("upstream", async ({ change, wanted, now }) => {
      const made =
        change.id === null
          ? await createUpstream(ctx, UpstreamCreate.parse(wanted.fields))
          : await updateUpstream(ctx, { id: change.id, patch: mergePatchTo(now, wanted.fields) });
      present.upstreamIds.set(made.name, made.id);
    });
    await this.each("credential", (step) => this.credential(step));
    await this.each("plan", async ({ change, wanted, now }) => {
      if (change.id === null) await createPlan(ctx, PlanInput.parse(wanted.fields));
      else await updatePlan(ctx, { id: change.id, patch: mergePatchTo(now, wanted.fields) });
    });
    await this.each("price", async ({ change, wanted, now }) => {
      const [provider = "", ...rest] = wanted.key.split("/");
      const whole = PriceOverrideInput.parse({ provider, model: rest.join("/"), price: wanted.fields.price });
      if (change.id === null) await createPriceOverride(ctx, whole);
      else await updatePriceOverride(ctx, { id: change.id, patch: mergePatchTo(now, wanted.fields) });
    });
    const routes = [...this.steps("route"), ...this.steps("routeVersion")];
    await applyRoutes(ctx, routes, this.planned);
    for (const { change } of routes) this.done.add(change);
  }

  /** Consumers whose plan nodes know; returns those that have to wait. */
  async people(publishedPlans: ReadonlySet<string>): Promise<{ key: string; plan: string }[]> {
    const { present } = this.planned;
    const isReady = ({ wanted, now }: Step) =>
      now.plan === wanted.fields.plan || publishedPlans.has(String(wanted.fields.plan));
    const waiting = this.steps("consumer").filter((step) => !isReady(step));
    const ready = new Set(
      this.steps("consumer")
        .filter(isReady)
        .map(({ change }) => change),
    );
    await this.each(
      "consumer",
      async ({ change, wanted, now }) => {
        const { plan, ...fields } = wanted.fields;
        const planId = present.planIds.get(String(plan)) ?? "";
        const before = { ...now, planId: now.plan === plan ? planId : null, plan: undefined };
        if (change.id !== null) {
          await updateConsumer(this.ctx, { id: change.id, patch: mergePatchTo(before, { ...fields, planId }) });
          return;
        }
        const { name } = named(fields);
        const teamId = present.teamIds.get(wanted.key.slice(0, -name.length - 1)) ?? "";
        const made = await createConsumer(this.ctx, { name, teamId, planId });
        const patch = fields.suspended === true ? { suspended: true, suspendedReason: fields.suspendedReason } : {};
        if (fields.suspended === true) await updateConsumer(this.ctx, { id: made.id, patch });
      },
      (change) => ready.has(change),
    );
    return waiting.map(({ wanted }) => ({ key: wanted.key, plan: String(wanted.fields.plan) }));
  }

  /** What the declaration owned and does not name any more, but for teams, which go last. */
  async removals(): Promise<void> {
    const removed = new Set(this.removed("route").map(({ key }) => key));
    for (const { id } of this.removed("consumer")) await deleteConsumer(this.ctx, { id });
    // The versions of a route that goes as a whole go with it.
    for (const { key } of this.removed("routeVersion"))
      if (!removed.has(key.slice(0, key.lastIndexOf("@")))) await removeVersion(this.ctx, key);
    for (const { id } of this.removed("route")) await deleteRoute(this.ctx, { id });
    for (const { id } of this.removed("plan")) await deletePlan(this.ctx, { id });
    for (const { id } of this.removed("price")) await deletePriceOverride(this.ctx, { id });
    for (const { id } of this.removed("credential")) await deleteCredential(this.ctx, { id });
    for (const { id } of this.removed("upstream")) await deleteUpstream(this.ctx, { id });
  }

  /** Teams that are not declared any more. */
  async removeTeams(): Promise<void> {
    for (const { id } of this.removed("team")) await deleteTeam(this.ctx, { id });
  }

  private async credential({ change, wanted, now }: Step): Promise<void> {
    const secret = this.secrets[wanted.secret ?? ""];
    const upstream = wanted.key.slice(0, -named(wanted.fields).name.length - 1);
    if (change.id === null) {
      if (secret === undefined)
        throw invalidField("/secret", "secret_missing", `${wanted.secret} was not given. Set it and apply again.`);
      const upstreamId = this.planned.present.upstreamIds.get(upstream) ?? "";
      await createCredential(this.ctx, { upstreamId, secret, ...credentialFields(wanted.fields) });
      return;
    }
    if (now.kind !== wanted.fields.kind)
      throw invalidField("/kind", "not_supported", "A credential's kind cannot change. Declare it under another name.");
    const isReplaced = change.fields.some(({ field }) => field === "secret");
    const patch = { ...mergePatchTo(now, wanted.fields), ...(isReplaced ? { secret } : {}) };
    await updateCredential(this.ctx, { id: change.id, patch });
  }

  /** Carries out the changes of a kind once each; a refusal says where in the declaration it came from. */
  private async each(
    kind: ThingKind,
    work: (step: Step) => Promise<void>,
    isDue: (change: DeclaredChange) => boolean = () => true,
  ): Promise<void> {
    for (const step of this.steps(kind)) {
      if (!isDue(step.change)) continue;
      this.done.add(step.change);
      try {
        await work(step);
      } catch (error) {
        throw atPointer(error, step.wanted.pointer);
      }
    }
  }

  /** What is still to be made or changed. */
  private steps(kind: ThingKind): Step[] {
    const { plan, declared, present } = this.planned;
    return plan.changes.flatMap((change) => {
      if (change.kind !== kind || this.done.has(change) || (change.op !== "create" && change.op !== "update"))
        return [];
      const wanted = declared.find((thing) => thing.kind === kind && thing.key === change.key);
      const now = present.things.find((thing) => thing.kind === kind && thing.id === change.id)?.fields ?? {};
      return wanted === undefined ? [] : [{ change, wanted, now }];
    });
  }

  private removed(kind: ThingKind): { id: string; key: string }[] {
    return this.planned.plan.changes.flatMap(({ op, kind: of, id, key }) =>
      op === "delete" && of === kind && id !== null ? [{ id, key }] : [],
    );
  }
}

/** Guarantee: every thing that these verbs make has its name among its fields. */
function named(fields: Fields): { name: string } {
  return { name: String(fields.name) };
}

function credentialFields({ name, kind }: Fields): { name: string; kind: "apiKey" | "awsKeys" | "serviceAccount" } {
  return { name: String(name), kind: CredentialKind.parse(kind) };
}
