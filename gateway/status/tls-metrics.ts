import { Counter, Gauge, type Registry } from "prom-client";
import type { TlsServing } from "#gateway/server/tls-serving.ts";

/** The certificate that is served with, read when somebody asks. */
export function addTlsMetrics(registry: Registry, tls: TlsServing): void {
  const registers = [registry];
  new Gauge({
    name: "turnpike_tls_certificate_not_after_seconds",
    help: "When the certificate in force ends, in seconds since 1970",
    registers,
    collect() {
      this.set(tls.notAfterSeconds);
    },
  });
  new Counter({
    name: "turnpike_tls_reloads_total",
    help: "New certificates put in force, and new files that could not be used",
    labelNames: ["result"],
    registers,
    collect() {
      this.reset();
      this.inc({ result: "reloaded" }, tls.reloads);
      this.inc({ result: "refused" }, tls.failures);
    },
  });
}
