import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { Answer } from "#gateway/testing/upstream.ts";
import { completion } from "#gateway/testing/upstream.ts";
import { HEALTH_DEFAULT } from "#lib/contract/health-check.ts";
import type { NodeEvent } from "#lib/contract/node-event.ts";

/** Callers that call all the time, one call after another. */
const CALLERS = 8;
let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

/** Calls without a pause until it is told to stop; what was not answered with 200 is kept. */
class Load {
  calls = 0;
  readonly failed: string[] = [];
  private isOver = false;
  private readonly callers: Promise<void>[];

  constructor(model: string) {
    this.callers = Array.from({ length: CALLERS }, () => this.run(model));
  }

  private async run(model: string): Promise<void> {
    while (!this.isOver) {
      const { status, text } = await harness.chat(model);
      this.calls += 1;
      if (status !== 200) this.failed.push(`${status} ${text}`);
    }
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.callers);
  }
}

const soon: Answer = async (response, received) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  await completion(response, received);
};
const events = (): NodeEvent[] => harness.plane.reports.flatMap((report) => report.events ?? []);

describe("under load, with two targets and the health settings that hold by default", () => {
  it("a target that dies costs no call, and gets its share again by itself when it is back", async () => {
    const health = { ...HEALTH_DEFAULT, openSeconds: 1, slowStartSeconds: 1 };
    const upstreams = [
      upstream("ups_1", harness.first.url, { health }),
      upstream("ups_2", harness.second.url, { health }),
    ];
    const both = version([target("ups_1"), target("ups_2")], { retry: { attempts: 3 } });
    await harness.publish(harness.document({ upstreams, routes: [route("steady", [both])] }));
    harness.first.answer = soon;
    harness.second.answer = soon;
    const port = Number(new URL(harness.first.url).port);
    const load = new Load("steady");
    const served = () => [harness.first.received.length, harness.second.received.length] as const;
    await until("both are called", () => Math.min(...served()) > 50);

    await harness.first.stop();
    await until("it is out of service", () => events().some((event) => event.kind === "breaker_opened"));
    const atOutage = load.calls;
    await until("calls go on", () => load.calls > atOutage + 200);
    await harness.first.restart(port);
    await until("it is back in service", () => events().some((event) => event.kind === "breaker_closed"));
    // It is brought back slowly at first: a second, and what reports take.
    const shareOfNext = async (calls: number): Promise<number> => {
      const before = served();
      await until("more calls are served", () => served()[0] + served()[1] >= before[0] + before[1] + calls);
      const after = served();
      return (after[0] - before[0]) / (after[0] - before[0] + after[1] - before[1]);
    };
    await until("it has its whole share", async () => Math.abs((await shareOfNext(200)) - 0.5) < 0.05, 20_000);
    await load.stop();
    expect(load.failed).toEqual([]);
  }, 60_000);
});
