/**
 * The numbers of a server's edge.
 * @module
 */

import type { Metrics } from "../../base/metrics.ts";
import type { HttpMeter } from "./handler.ts";

/** What there is at the moment. */
export interface EdgeLoad {
  readonly sessions: number;
  readonly streams: number;
  readonly requests: number;
  readonly connections: number;
  /** What all frames in hand hold, in bytes. */
  readonly bytesInFlight: number;
}

/** Seconds; a call that is answered from memory takes one millisecond, a tool may take minutes. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const METHODS: ReadonlySet<string> = new Set(["POST", "GET", "DELETE"]);

/** Adds the numbers, and gives what counts. `load` is asked whenever somebody looks. */
export function edgeMeter(metrics: Metrics, load: () => EdgeLoad): HttpMeter {
  const requests = metrics.counter({
    name: "aegis_http_requests_total",
    help: "Requests that were answered, by path, method and class of the status.",
    labels: ["path", "method", "status"],
  });
  const identities = metrics.counter({
    name: "aegis_refused_identities_total",
    help: "Requests that were refused as nobody was proved to ask.",
  });
  const seconds = metrics.histogram({
    name: "aegis_http_response_seconds",
    help: "Seconds from the head of a POST to the head of its response.",
  }, SECONDS);
  const gauges: readonly (readonly [keyof EdgeLoad, string, string])[] = [
    ["sessions", "aegis_sessions", "Sessions of the legacy revisions."],
    ["streams", "aegis_streams", "Streams of events towards clients."],
    ["requests", "aegis_requests_under_way", "Requests that are not answered yet."],
    ["connections", "aegis_connections", "Connections of clients."],
    ["bytesInFlight", "aegis_in_flight_bytes", "What all frames in hand hold."],
  ];
  for (const [key, name, help] of gauges) metrics.gauge({ name, help }, () => load()[key]);
  return {
    answered({ path, method, status, ms }) {
      const known = METHODS.has(method) ? method : "other";
      requests.add([path, known, `${Math.floor(status / 100)}xx`]);
      if (status === 401) identities.add([]);
      if (method === "POST") seconds.observe(ms / 1000);
    },
  };
}
