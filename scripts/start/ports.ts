import { portFailure } from "#scripts/free-port.ts";
import type { StartOptions } from "#scripts/start/options.ts";
import { PlainError } from "#scripts/terminal.ts";

/** Checks that every port is free before anything is started. Throws one PlainError that names all taken ones. */
export async function checkPorts(options: StartOptions): Promise<void> {
  const wanted = [
    { name: "PORT", port: options.port, host: options.host },
    { name: "GATEWAY_PORT", port: options.gatewayPort, host: options.host },
    ...Array.from({ length: options.gatewayNodes }, (_, index) => ({
      name: "GATEWAY_STATUS_PORT",
      port: options.gatewayStatusPort + index,
      host: "127.0.0.1",
    })),
  ];
  const problems: string[] = [];
  for (const { name, port, host } of wanted) {
    const obstacle = await portObstacle(port, host);
    if (obstacle) problems.push(`Port ${port} ${obstacle}; set ${name} to another one.`);
  }
  if (problems.length > 0) throw new PlainError(problems.join("\n"));
}

async function portObstacle(port: number, host: string): Promise<string | null> {
  const failure = await portFailure(port, host);
  switch (failure) {
    case null:
      return null;
    case "EADDRINUSE":
      return "is in use by another program";
    case "EACCES":
      return "is reserved for privileged users";
    default:
      return `cannot be listened on at ${host} (${failure})`;
  }
}
