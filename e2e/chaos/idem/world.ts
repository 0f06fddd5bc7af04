import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import type pg from "pg";
import type { LightPlane } from "#e2e/support/light-plane/start.ts";

const PASSWORD = "a-first-long-password";

/** An installation to send requests to, with what they need to have an effect. */
export class World {
  readonly plane: LightPlane;
  /** As the database's owner: to look behind the scenes, and to make what needs nodes. */
  readonly owner: pg.Pool;
  private readonly things: { teamId: string; planId: string; upstreamId: string; routeId: string };
  private versions = 1;

  private constructor(plane: LightPlane, owner: pg.Pool, things: World["things"]) {
    this.plane = plane;
    this.owner = owner;
    this.things = things;
  }

  static async make(plane: LightPlane, owner: pg.Pool): Promise<World> {
    const { must } = plane.api;
    const upstream = await must("POST", "/upstreams", { name: "upstream", provider: "openai" });
    const targets = [{ upstreamId: upstream.id, model: "gpt-4o-mini" }];
    const route = await must("POST", "/routes", { name: "route", targets });
    const plan = await must("POST", "/plans", { name: "plan" });
    await must("POST", "/revisions", { note: "to begin with" });
    const team = await must("POST", "/teams", { name: "team" });
    return new World(plane, owner, { teamId: team.id, planId: plan.id, upstreamId: upstream.id, routeId: route.id });
  }

  get teamId(): string {
    return this.things.teamId;
  }
  get planId(): string {
    return this.things.planId;
  }
  get upstreamId(): string {
    return this.things.upstreamId;
  }
  get routeId(): string {
    return this.things.routeId;
  }
  get targets() {
    return [{ upstreamId: this.upstreamId, model: "gpt-4o-mini" }];
  }

  /** A name that nothing has. */
  name(): string {
    return `n-${randomUUID().slice(0, 13)}`;
  }

  /** A version that the route does not have. */
  version(): string {
    this.versions += 1;
    return `1.${this.versions}.0`;
  }

  /** The id of something newly made. */
  async made(path: string, body: object): Promise<string> {
    return (await this.plane.api.must("POST", path, body)).id;
  }

  /** Something that can be published, and nothing else in the draft. */
  async edit(): Promise<string> {
    await this.plane.api.call("DELETE", "/draft");
    return this.made("/plans", { name: this.name() });
  }

  /** Publishes an edit. Returns the new revision's number. */
  async publish(): Promise<number> {
    await this.owner.query(`UPDATE scheduled_publish SET state = 'cancelled' WHERE state = 'waiting'`);
    await this.edit();
    return (await this.plane.api.must("POST", "/revisions", {})).number;
  }

  /** A rollout that runs or is paused. It is made behind the scenes, since a canary needs nodes. */
  async rollout(state: "running" | "paused"): Promise<string> {
    await this.owner.query(`UPDATE rollout SET state = 'promoted', ended_at = now() WHERE ended_at IS NULL`);
    const revision = await this.publish();
    const id = `rol_${randomUUID()}`;
    const gate = {
      errorRatio: null,
      rejectionRatio: null,
      p95LatencyRatio: null,
      minimumCalls: 0,
      durationSeconds: 3_600,
      timeoutSeconds: 7_200,
      onTimeout: "pause",
    };
    await this.owner.query(
      `INSERT INTO rollout (id, revision, baseline, percent, gate, state, started_at, deadline_at, paused_at)
       VALUES ($1, $2, $3, 10, $4, $5, now(), now() + interval '2 hours', $6)`,
      [id, revision, revision - 1, gate, state, state === "paused" ? new Date() : null],
    );
    return id;
  }

  /** A new person with the owner role who is signed in. */
  async person(): Promise<{ id: string; headers: Record<string, string>; password: string }> {
    const email = `${this.name()}@example.test`;
    const id = await this.made("/users", { email, name: "Person", role: "owner", password: PASSWORD });
    const sessionId = `ses_${randomUUID()}`;
    await this.owner.query(`INSERT INTO session (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 hour')`, [
      sessionId,
      id,
    ]);
    const sealed = await encode({ token: { sessionId }, secret: this.plane.sessionSecret });
    const headers = { cookie: `turnpike.session=${sealed}`, origin: this.plane.url };
    return { id, headers, password: PASSWORD };
  }

  /** A new management token with the owner role: another actor, whose keys are its own. */
  async token(): Promise<Record<string, string>> {
    const body = { name: this.name(), role: "owner" };
    const { secret } = await this.plane.api.must("POST", "/management-tokens", body);
    return { authorization: `Bearer ${secret}` };
  }
}
