import { joinToken, type OwnPlane } from "#e2e/support/light-plane/own-database.ts";
import { join } from "#gateway/control/join.ts";
import { silentLog } from "#gateway/log.ts";
import { GatewayNode } from "#gateway/node.ts";
import packageJson from "../../package.json" with { type: "json" };

/** Joins so many real nodes to a control plane and runs them in this process while the work lasts. */
export async function withNodes<T>(
  plane: OwnPlane,
  count: number,
  work: (nodes: readonly GatewayNode[]) => Promise<T>,
): Promise<T> {
  const nodes: GatewayNode[] = [];
  try {
    for (let place = 0; place < count; place++) nodes.push(await startNode(plane, place));
    return await work(nodes);
  } finally {
    await Promise.all(nodes.map((node) => node.stop(100)));
  }
}

async function startNode(plane: OwnPlane, place: number): Promise<GatewayNode> {
  const { version } = packageJson;
  const token = await joinToken(plane);
  const identity = await join({ controlUrl: plane.url, joinToken: token, name: `node-${place}`, version });
  return GatewayNode.start({
    identity,
    nodeDirectory: `${plane.homeDir}/node-${place}`,
    version,
    host: "127.0.0.1",
    port: 0,
    statusHost: "127.0.0.1",
    statusPort: 0,
    log: silentLog,
    onRemoved: () => {},
  });
}
