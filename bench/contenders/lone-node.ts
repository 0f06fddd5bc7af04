import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { TestControlPlane } from "#gateway/testing/control-plane.ts";
import { addConsumer, plan, policy, route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { buildGateway } from "#scripts/build-gateway.mjs";
import { gatewayNodeArgs, gatewayNodeEnv } from "#scripts/gateway-node-args.mjs";
import { startProgram } from "../child-program.ts";
import { type CallKind, CHAT_PATH, type Contender, type UpstreamPorts } from "./contender.ts";

/**
 * The real node with all of its policies, and a small control plane in this process: for measurements of the node alone.
 * Key check, plan with two limits, round robin over two upstreams, metering to the spool, reporting.
 */
export async function startLoneNode(upstreams: UpstreamPorts): Promise<Contender> {
  const home = mkdtempSync(path.join(os.tmpdir(), "turnpike-bench-node-"));
  const plane = await TestControlPlane.start();
  const secret = addConsumer(plane, "con_bench", { planId: "pln_bench" });
  const kinds: CallKind[] = ["unary", "stream"];
  const hosts = kinds.flatMap((kind) => ["a", "b"].map((name) => ({ id: `ups_${kind}_${name}`, kind })));
  const routes = kinds.map((kind) => {
    const targets = hosts.filter((host) => host.kind === kind).map(({ id }) => target(id));
    return route(`bench-${kind}`, [version(targets)]);
  });
  const limits = [60, 3_600].map((windowSeconds) => ({
    metric: "requests" as const,
    limit: 100_000_000,
    windowSeconds,
    per: "consumer" as const,
    mode: "enforce" as const,
  }));
  const documents = hosts.map(({ id, kind }) => upstream(id, `http://127.0.0.1:${upstreams[kind]}/v1`));
  plane.publishDocument(1, policy(documents, routes, [plan("pln_bench", { rateLimits: limits })]));
  const program = await startProgram({
    file: (await buildGateway()).file,
    nodeArgs: gatewayNodeArgs,
    env: {
      ...gatewayNodeEnv,
      TURNPIKE_CONTROL_URL: plane.url,
      TURNPIKE_JOIN_TOKEN: plane.joinToken,
      TURNPIKE_NODE_DIR: home,
      GATEWAY_PORT: "0",
      GATEWAY_STATUS_PORT: "0",
      TURNPIKE_PARENT_PIPE: "1",
    },
    isReady: ({ msg }) => msg === "listening",
  });
  const at = { url: `http://127.0.0.1:${program.port}${CHAT_PATH}`, headers: { authorization: `Bearer ${secret}` } };
  await until("the node answers", async () => {
    const models = await fetch(`http://127.0.0.1:${program.port}/v1/models`, { headers: at.headers });
    return models.status === 200 && (await models.text()).includes("bench-stream");
  });
  return {
    name: "turnpike",
    targets: { unary: at, stream: at },
    pid: program.pid,
    close: async () => {
      await program.close();
      await plane.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
