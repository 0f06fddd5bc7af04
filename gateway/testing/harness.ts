import { request } from "node:http";
import type { GatewayNode } from "#gateway/node.ts";
import type { NodeOptions } from "#gateway/node-options.ts";
import type { PolicyDocument } from "#lib/contract/policy-document.ts";
import type { UsageEvent } from "#lib/contract/usage-event.ts";
import { TestControlPlane } from "./control-plane.ts";
import {
  addConsumer,
  policy,
  route,
  startNode,
  target,
  temporaryDirectory,
  until,
  upstream,
  version,
} from "./fixtures.ts";
import { TestUpstream } from "./upstream.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** The connection was cut before the answer was whole. */
  readonly isCut: boolean;
}

/** A control plane, two scripted upstreams and a node that has applied revision 1, for one test file. */
export class Harness {
  readonly plane: TestControlPlane;
  readonly first: TestUpstream;
  readonly second: TestUpstream;
  readonly home: string;
  private readonly removeHome: () => Promise<void>;
  node: GatewayNode;
  /** A key of consumer `con_1`, who has the plan `pln_open`. */
  readonly secret: string;
  private number = 1;

  private constructor(
    parts: Pick<Harness, "plane" | "first" | "second" | "home" | "node" | "secret">,
    removeHome: () => Promise<void>,
  ) {
    this.plane = parts.plane;
    this.first = parts.first;
    this.second = parts.second;
    this.home = parts.home;
    this.node = parts.node;
    this.secret = parts.secret;
    this.removeHome = removeHome;
  }

  static async start(options: Partial<NodeOptions> & { plane?: TestControlPlane } = {}): Promise<Harness> {
    const plane = options.plane ?? (await TestControlPlane.start());
    const first = await TestUpstream.start();
    const second = await TestUpstream.start();
    const home = await temporaryDirectory();
    const node = await startNode(plane, home.path, options);
    const secret = addConsumer(plane, "con_1");
    const harness = new Harness({ plane, first, second, home: home.path, node, secret }, home.remove);
    plane.setCredentials([
      { id: "cred_1", upstreamId: "ups_1", kind: "apiKey", secret: "sk-first-secret-of-the-upstream" },
      { id: "cred_2", upstreamId: "ups_2", kind: "apiKey", secret: "sk-second-secret-of-the-upstream" },
    ]);
    plane.publishDocument(1, harness.document());
    await until("the node is ready", () => node.notReadyReason() === null);
    return harness;
  }

  /** One route, `smart`, on the first upstream, and `pair` on both. */
  document(more: Partial<PolicyDocument> = {}): PolicyDocument {
    const base = policy(
      [upstream("ups_1", this.first.url), upstream("ups_2", this.second.url)],
      [
        route("smart", [version([target("ups_1")])]),
        route("pair", [version([target("ups_1"), target("ups_2")], { retry: { attempts: 3 } })]),
      ],
    );
    return { ...base, ...more };
  }

  /** Publishes the next revision and waits until it is in force. */
  async publish(document: PolicyDocument): Promise<void> {
    this.number += 1;
    this.plane.publishDocument(this.number, document);
    await until(`revision ${this.number} is in force`, () => this.node.revision === this.number);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.node.port}`;
  }

  /** Sends a request with node:http, which adds nothing of its own, and reads the answer as it comes. */
  send(
    path: string,
    body: string | Buffer | null,
    headers: Record<string, string | string[]> = { authorization: `Bearer ${this.secret}` },
    method = body === null ? "GET" : "POST",
  ): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.origin}${path}`, { method, headers, agent: false }, (incoming) => {
        const chunks: Buffer[] = [];
        const done = (isCut: boolean): void =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString(),
            isCut,
          });
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => done(false));
        incoming.on("error", () => done(true));
      });
      outgoing.on("error", reject);
      outgoing.end(body ?? undefined);
    });
  }

  /** A chat call to a model. */
  chat(model: string, more: Record<string, unknown> = {}, secret = this.secret): Promise<RawAnswer> {
    const body = JSON.stringify({ model, messages: [{ role: "user", content: "Say hello" }], ...more });
    return this.send("/v1/chat/completions", body, { authorization: `Bearer ${secret}` });
  }

  /** The usage event of the call with this id, once the control plane has it. */
  async event(answer: RawAnswer): Promise<UsageEvent> {
    const id = String(answer.headers["x-request-id"]);
    await until(`the event of ${id} arrives`, () => this.plane.events.some((event) => event.id === id));
    const event = this.plane.events.find((each) => each.id === id);
    if (event === undefined) throw new Error("unreachable");
    return event;
  }

  /** Starts another node on the same directory; the one before has been stopped. */
  async begin(options: Partial<NodeOptions> & Pick<NodeOptions, "identity">): Promise<void> {
    this.node = await startNode(this.plane, this.home, options);
  }

  async stop(): Promise<void> {
    await this.node.stop(100);
    await Promise.all([this.plane.stop(), this.first.stop(), this.second.stop()]);
    await this.removeHome();
  }
}
