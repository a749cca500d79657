import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

/** What the collaboration server counts. Numbers only: nothing in them leads to a person or a text. */
export function createMetrics(count: () => { rooms: number; sockets: number }) {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const gauge = (name: string, help: string, now: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(now());
      },
    });
  gauge("groundwork_rooms", "Documents open in memory", () => count().rooms);
  gauge("groundwork_sockets", "Open sockets", () => count().sockets);
  return {
    registry,
    received: counter("groundwork_updates_received_total", "Updates that the guard admitted"),
    delivered: counter(
      "groundwork_updates_delivered_total",
      "Updates sent, counted once for each socket they went to",
    ),
    committed: counter("groundwork_updates_committed_total", "Updates that reached the disk"),
    commitSeconds: new Histogram({
      name: "groundwork_commit_seconds",
      help: "How long the transaction of one tick took",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      registers,
    }),
    commitFailures: counter("groundwork_commit_failures_total", "Transactions that failed"),
    tickSeconds: new Gauge({
      name: "groundwork_tick_seconds",
      help: "How long writes gather at the moment before they are committed",
      registers,
    }),
    skipped: counter("groundwork_sockets_skipped_total", "Times a slow socket was left out"),
    caughtUp: counter("groundwork_sockets_caught_up_total", "Times one was caught up again"),
    dropped: counter("groundwork_sockets_dropped_total", "Sockets cut off for not reading"),
    refused: new Counter<"reason">({
      name: "groundwork_updates_refused_total",
      help: "Updates that the guard refused",
      labelNames: ["reason"],
      registers,
    }),
  };
}
