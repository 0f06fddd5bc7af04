import { type DemoUpstream, startDemoUpstream } from "#demo/upstream/server.ts";
import type { RouteVersionDocument } from "#lib/contract/policy-document.ts";
import { policy, route, target, until, upstream, version } from "./fixtures.ts";
import { Harness } from "./harness.ts";

/** The kinds of target that every caller's dialect is tested against: a route of that name leads to each. */
export const TARGETS = [
  { route: "to-openai", provider: "openai", basePath: "/v1", options: {} },
  // Speaks chat alone: everything else of OpenAI's is translated for it.
  { route: "to-chat", provider: "cerebras", basePath: "/v1", options: {} },
  { route: "to-anthropic", provider: "anthropic", basePath: "", options: {} },
  { route: "to-gemini", provider: "gemini", basePath: "", options: {} },
  // Signed with AWS keys, and its streams are binary.
  { route: "to-bedrock", provider: "bedrock", basePath: "", options: { region: "eu-west-1" } },
] as const;

const AWS_KEYS = JSON.stringify({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret-of-bedrock" });

/** A node in front of one demo upstream, which speaks the dialect that each route's provider speaks. */
export class DialectMatrix {
  readonly demo: DemoUpstream;
  readonly harness: Harness;

  private constructor(demo: DemoUpstream, harness: Harness) {
    this.demo = demo;
    this.harness = harness;
  }

  static async start(more: Partial<RouteVersionDocument> = {}): Promise<DialectMatrix> {
    const demo = await startDemoUpstream({ port: 0, host: "127.0.0.1" });
    const harness = await Harness.start();
    harness.plane.setCredentials(
      TARGETS.map(({ provider }) => ({
        id: `cred_${provider}`,
        upstreamId: `ups_${provider}`,
        ...(provider === "bedrock"
          ? { kind: "awsKeys", secret: AWS_KEYS }
          : { kind: "apiKey", secret: `sk-of-${provider}` }),
      })),
    );
    await harness.publish(
      policy(
        TARGETS.map(({ provider, basePath, options }) =>
          upstream(`ups_${provider}`, demo.url + basePath, { provider, options }),
        ),
        [
          ...TARGETS.map((each) =>
            route(each.route, [version([target(`ups_${each.provider}`, { model: "demo-small" })], more)]),
          ),
          // Two vendors behind one name.
          route("mixed", [version([target("ups_anthropic"), target("ups_openai")], more)]),
        ],
      ),
    );
    // Credentials come on a lane of their own.
    await until("the node has the credentials", async () => (await harness.chat("to-gemini")).status === 200);
    return new DialectMatrix(demo, harness);
  }

  /** The last call that reached the demo upstream, as its ledger has it. */
  get lastCall() {
    const entry = this.demo.ledger.page(0, 10_000).entries.at(-1);
    if (entry === undefined) throw new Error("The ledger is empty");
    return entry;
  }

  async stop(): Promise<void> {
    await this.harness.stop();
    await this.demo.close();
  }
}
