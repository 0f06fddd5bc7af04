import { startProgram } from "../child-program.ts";
import { CHAT_PATH, type Contender, type UpstreamPorts } from "./contender.ts";

/** What a proxy on node:http costs that does nothing but pass calls on: the yardstick for all of our policies together. */
export async function startBareNode(upstreams: UpstreamPorts): Promise<Contender> {
  const { pid, port, close } = await startProgram({
    file: "bench/programs/bare-proxy.ts",
    args: [0, upstreams.unary, upstreams.stream],
  });
  const url = `http://127.0.0.1:${port}${CHAT_PATH}`;
  return {
    name: "node:http",
    targets: { unary: { url, headers: {} }, stream: { url, headers: { "x-bench-stream": "1" } } },
    pid,
    close,
  };
}
