import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { HEALTH_DEFAULT } from "../../contract/health-check.ts";
import { PolicyDocument, StrategyKind } from "../../contract/policy-document.ts";
import { type Context, systemContext } from "../context.ts";
import { compilePolicy, readPolicyRows } from "../revision/compile.ts";
import { createRoute, createVersion } from "../route/index.ts";
import { inTransaction } from "../transaction.ts";
import { createUpstream, updateUpstream } from "./index.ts";

let test: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
});
afterAll(() => test.remove());

const upstream = (name: string, health?: Record<string, unknown>) =>
  createUpstream(ctx, {
    name,
    provider: "openai",
    baseUrl: "https://api.example.com/v1",
    ...(health === undefined ? {} : { health }),
  });
const compiled = () => inTransaction(ctx, async (tx) => compilePolicy(await readPolicyRows(tx), () => null));

describe("an upstream's health settings", () => {
  it("are the defaults where nothing is said, change one by one, and reach the revision's document", async () => {
    const { id, health } = await upstream("one", { consecutiveFailures: 3 });
    expect(health).toEqual({ ...HEALTH_DEFAULT, consecutiveFailures: 3 });
    const http = { kind: "http", path: "/health", intervalSeconds: 30 };
    const probed = await updateUpstream(ctx, { id, patch: { health: { probe: http } } });
    expect(probed.health).toEqual({ ...health, probe: { ...HEALTH_DEFAULT.probe, ...http } });
    const off = await updateUpstream(ctx, { id, patch: { health: { probe: { kind: "off" }, whenAllOut: "try" } } });
    expect(off.health).toMatchObject({ consecutiveFailures: 3, whenAllOut: "try", probe: { kind: "off" } });
    expect((await compiled()).upstreams.find((each) => each.id === id)?.health).toEqual(off.health);
  });

  it.each([
    [{ consecutiveFailures: -1 }, "/health/consecutiveFailures"],
    [{ errorPercent: 101 }, "/health/errorPercent"],
    [{ openSeconds: 0 }, "/health/openSeconds"],
    [{ probe: { kind: "grpc" } }, "/health/probe/kind"],
    [{ probe: { kind: "http", path: "no-slash" } }, "/health/probe/path"],
    [{ probe: { kind: "http", path: "/a b" } }, "/health/probe/path"],
    [{ whenAllOut: "panic" }, "/health/whenAllOut"],
  ])("are refused with the field's name: %j", async (health, pointer) => {
    await expect(upstream("refused", health)).rejects.toMatchObject({
      code: "invalid_request",
      fields: [expect.objectContaining({ pointer })],
    });
  });
});

describe("a route version", () => {
  it.each(StrategyKind.options)("may be served %s, with all that it says in the document", async (strategy) => {
    const { id } = await upstream(`of ${strategy}`);
    const targets = [{ upstreamId: id, model: "gpt-4o", weight: 2, priority: 1 }];
    const name = strategy.replaceAll("_", "-");
    const route = await createRoute(ctx, {
      name,
      strategy,
      targets,
      hashBy: "key",
      retry: { attempts: 3, on: ["reset"] },
    });
    expect(route.versions[0]).toMatchObject({ strategy, hashBy: "key", retry: { attempts: 3, on: ["reset"] } });
    const document = (await compiled()).routes.find((each) => each.name === name);
    expect(document?.versions[0]).toMatchObject({ strategy, hashBy: "key", retry: { attempts: 3, on: ["reset"] } });
    const further = await createVersion(ctx, { id: route.id, version: "1.1.0", targets });
    expect(further).toMatchObject({ strategy: "round_robin", hashBy: "user", retry: { attempts: 2 } });
  });
});

describe("a document of an earlier release", () => {
  it("is read with the defaults of what it does not know", () => {
    const version = {
      version: "1.0.0",
      status: "active",
      deprecatedAt: null,
      sunsetAt: null,
      successor: null,
      strategy: "weighted",
      targets: [{ id: "tgt_1", upstreamId: "ups_1", model: "m", weight: 1, priority: 0 }],
      retry: { attempts: 2 },
      timeouts: {},
    };
    const read = PolicyDocument.parse({
      schemaVersion: 1,
      upstreams: [
        {
          id: "ups_1",
          name: "one",
          provider: "openai",
          baseUrl: "https://api.example.com/v1",
          allowPrivateNetwork: false,
          timeouts: {},
          isDemo: false,
        },
      ],
      plans: [],
      routes: [{ id: "rte_1", name: "smart", defaultVersion: "1.0.0", versions: [version] }],
      prices: { version: "1", entries: [] },
    });
    expect(read.upstreams[0]?.health).toEqual(HEALTH_DEFAULT);
    expect(read.routes[0]?.versions[0]).toMatchObject({ hashBy: "user", retry: { attempts: 2 } });
  });
});
