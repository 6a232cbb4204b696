/**
 * Numbers for a monitoring system, in the text format of Prometheus (version 0.0.4).
 *
 * Label values come from closed sets of the program: no names of principals, paths or tools that
 * somebody could invent.
 * @module
 */

type LabelValues = readonly string[];

/** What a metric is told. */
interface MetricAbout {
  /** `aegis_requests_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Counts up. */
export interface Counter {
  /** Adds to the count of these label values, given in order. */
  add(values: LabelValues, by?: number): void;
}

/** Sorts values into ranges. */
export interface Histogram {
  observe(value: number): void;
}

/** A series costs memory for good; this is far more than the closed sets of the program have. */
const MAX_SERIES = 500;

/** All numbers of one run. */
export class Metrics {
  readonly #texts: (() => string)[] = [];

  /** A number that only grows. */
  counter({ name, help, labels = [] }: MetricAbout): Counter {
    const series = new Map<string, number>();
    this.#texts.push(() => {
      const lines = [...series].map(([of, count]) => `${name}${of} ${count}\n`);
      return head(name, help, "counter") + lines.join("");
    });
    if (labels.length === 0) series.set("", 0);
    return {
      add(values, by = 1) {
        const of = labelText(labels, values);
        const count = series.get(of);
        if (count === undefined && series.size >= MAX_SERIES) return;
        series.set(of, (count ?? 0) + by);
      },
    };
  }

  /** A number that is asked for when somebody looks. */
  gauge({ name, help }: Omit<MetricAbout, "labels">, read: () => number): void {
    this.#texts.push(() => `${head(name, help, "gauge")}${name} ${read()}\n`);
  }

  /** How often a value was at most each of the bounds, which ascend. */
  histogram({ name, help }: Omit<MetricAbout, "labels">, bounds: readonly number[]): Histogram {
    const counts = new Array<number>(bounds.length + 1).fill(0);
    let sum = 0;
    this.#texts.push(() => {
      let below = 0;
      const lines = [...bounds.map(String), "+Inf"].map((bound, at) => {
        below += counts[at] ?? 0;
        return `${name}_bucket{le="${bound}"} ${below}\n`;
      });
      const total = `${name}_sum ${sum}\n${name}_count ${below}\n`;
      return head(name, help, "histogram") + lines.join("") + total;
    });
    return {
      observe(value) {
        const found = bounds.findIndex((bound) => value <= bound);
        const at = found < 0 ? bounds.length : found;
        counts[at] = (counts[at] ?? 0) + 1;
        sum += value;
      },
    };
  }

  /** All of them as text. */
  render(): string {
    return this.#texts.map((text) => text()).join("");
  }
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function labelText(labels: readonly string[], values: LabelValues): string {
  if (labels.length === 0) return "";
  const pairs = labels.map((label, at) => `${label}="${escaped(values[at] ?? "")}"`);
  return `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
