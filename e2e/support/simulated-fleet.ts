import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import { type Held, SimulatedNode } from "./simulated-node.ts";

const JOINS_AT_A_TIME = 8;

/** Many simulated nodes in this process, spread over the control planes. */
export class SimulatedFleet {
  readonly nodes: readonly SimulatedNode[];
  readonly #wake: { run: () => void };

  private constructor(nodes: readonly SimulatedNode[], wake: { run: () => void }) {
    this.nodes = nodes;
    this.#wake = wake;
  }

  /** Joins and starts so many nodes, the nth at the nth of the control planes, in turn. */
  static async start(urls: readonly string[], token: string, count: number, held: Held): Promise<SimulatedFleet> {
    const wake = { run: () => {} };
    const nodes: SimulatedNode[] = [];
    const api = managementApi(urls[0] ?? "", token);
    let next = 0;
    const joinSome = async (): Promise<void> => {
      while (next < count) {
        const place = next++;
        const url = urls[place % urls.length] ?? "";
        const identity = await SimulatedNode.join(url, await joinToken(api), `simulated-${place}`);
        nodes.push(new SimulatedNode(identity, held, () => wake.run()));
      }
    };
    await Promise.all(Array.from({ length: JOINS_AT_A_TIME }, joinSome));
    for (const node of nodes) node.start();
    return new SimulatedFleet(nodes, wake);
  }

  /** Waits until it is so of every node. Rejects after `maxMs`. */
  async all(what: string, isSo: (node: SimulatedNode) => boolean, maxMs: number): Promise<void> {
    const missing = () => this.nodes.filter((node) => !isSo(node));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${missing().length} of ${this.nodes.length} nodes have not ${what} in ${maxMs} ms`));
      }, maxMs);
      let behind: SimulatedNode | undefined = this.nodes[0];
      this.#wake.run = () => {
        // Whoever was behind last is looked at first: the whole fleet only when it is no longer.
        if (behind !== undefined && !isSo(behind)) return;
        behind = this.nodes.find((node) => !isSo(node));
        if (behind !== undefined) return;
        clearTimeout(timer);
        this.#wake.run = () => {};
        resolve();
      };
      this.#wake.run();
    });
  }

  get problems(): number {
    return this.nodes.reduce((sum, node) => sum + node.problems, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

async function joinToken(api: ManagementApi): Promise<string> {
  return (await api.must("POST", "/join-tokens", { name: "simulated" })).secret;
}
