import type { ProviderTools } from "#gateway/providers/contract.ts";
import type { UpstreamCredential } from "#gateway/snapshot/credentials.ts";
import type { CompiledUpstream } from "#gateway/snapshot/snapshot.ts";
import type { UpstreamClient, UpstreamExchange } from "#gateway/upstream/sink.ts";
import type { HealthProbe } from "#lib/contract/health-check.ts";

const NOTHING = Buffer.alloc(0);
const HEADERS = ["accept-encoding", "identity", "user-agent", "turnpike-health-probe"];

export interface PathProbeTools {
  readonly upstreams: UpstreamClient;
  readonly providerTools: ProviderTools;
  monotonicMs(): number;
}

/**
 * Asks an upstream for its health path with GET, on the connections that calls use. Resolves with null when it answered
 * with 2xx or 3xx in time, otherwise with the reason in words. What it answers is not read.
 */
export async function probePath(
  upstream: CompiledUpstream,
  probe: HealthProbe,
  credential: UpstreamCredential | null,
  tools: PathProbeTools,
): Promise<string | null> {
  const { origin, allowPrivateNetwork, provider, options } = upstream;
  const headers = [...HEADERS];
  if (probe.sendsCredential && credential !== null) {
    const outgoing = { method: "GET", origin, path: probe.path, contentType: "", body: NOTHING };
    try {
      headers.push(...(await provider.authorize(outgoing, credential, options, tools.providerTools)));
    } catch {
      return "the credential cannot be used";
    }
  }
  const { timeoutMs } = probe;
  const limits = { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: timeoutMs };
  return await new Promise((resolve) => {
    let exchange: UpstreamExchange | null = null;
    let isOver = false;
    const over = (reason: string | null): void => {
      isOver = true;
      resolve(reason);
    };
    const sink = {
      head(status: number): void {
        over(status >= 200 && status < 400 ? null : `status ${status}`);
        exchange?.cancel();
      },
      data(): void {},
      end(): void {},
      error(failure: string): void {
        if (!isOver) over(failure.replaceAll("_", " "));
      },
    };
    const deadlineMs = tools.monotonicMs() + timeoutMs;
    const request = { origin, allowPrivateNetwork, method: "GET", path: probe.path, headers, body: NOTHING };
    exchange = tools.upstreams.send({ ...request, ...limits, deadlineMs }, sink);
    if (isOver) exchange.cancel();
  });
}
