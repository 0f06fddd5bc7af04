import { Counter, Gauge, type Registry } from "prom-client";
import type { AnswerCache } from "#gateway/cache/answer-cache.ts";

/** What the cache holds, and how calls fared with it, by route; read when somebody asks. */
export function addCacheMetrics(registry: Registry, answers: AnswerCache): void {
  const registers = [registry];
  new Gauge({
    name: "turnpike_cache_bytes",
    help: "Bytes of answers kept to be served again, by route",
    labelNames: ["route"],
    registers,
    collect() {
      this.reset();
      for (const [route, { bytes }] of answers.figures) this.set({ route }, bytes);
    },
  });
  new Counter({
    name: "turnpike_cache_evictions_total",
    help: "Answers that made room for others before their time, by route",
    labelNames: ["route"],
    registers,
    collect() {
      this.reset();
      for (const [route, { evictions }] of answers.figures) this.inc({ route }, evictions);
    },
  });
  new Counter({
    name: "turnpike_cache_calls_total",
    help: "Calls of routes that have a cache, by route and result",
    labelNames: ["route", "result"],
    registers,
    collect() {
      this.reset();
      for (const [route, figures] of answers.figures) {
        for (const result of ["hit", "miss", "bypass"] as const) this.inc({ route, result }, figures[result]);
      }
    },
  });
}
