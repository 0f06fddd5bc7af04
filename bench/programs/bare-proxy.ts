// The yardstick for our own overhead: the least a proxy on node:http can do, passing calls to one upstream and nothing else.
// Arguments: port, the upstream's port for whole answers, its port for streams.

import { Agent, createServer, type IncomingHttpHeaders, request } from "node:http";

const [port = 0, unaryPort = 0, streamPort = 0] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true });

function passed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection, "keep-alive": keepAlive, "transfer-encoding": coding, host, ...rest } = headers;
  return rest;
}

const server = createServer((incoming, outgoing) => {
  const isStream = incoming.headers["x-bench-stream"] !== undefined;
  const { method, url: path } = incoming;
  const to = request(
    {
      host: "127.0.0.1",
      port: isStream ? streamPort : unaryPort,
      method,
      path,
      headers: passed(incoming.headers),
      agent,
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, passed(answer.headers));
      answer.pipe(outgoing);
    },
  );
  to.on("error", () => outgoing.destroy());
  outgoing.on("close", () => to.destroy());
  incoming.pipe(to);
});
server.listen(port, "127.0.0.1", 4_096, () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === "object" ? address?.port : 0 })}\n`);
});

// Whoever started this holds standard input open: when that closes, this ends too.
process.stdin.on("end", () => process.exit(0)).resume();
