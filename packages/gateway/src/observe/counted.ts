/** Labels in the order in which the page shows them. */
type Labels = Readonly<Record<string, string | number>>;

/** One series of a counter. */
export class Count {
  value = 0;

  /** What is no amount is left out: a counter that falls reads as a restart. */
  add(amount: number): void {
    if (amount >= 0 && amount < Number.POSITIVE_INFINITY) this.value += amount;
  }
}

/** Upper bounds of a histogram's buckets, in seconds. */
const bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] as const;

/** One series of a histogram. */
export class Times {
  /** How many were in each bucket and in none below it; the page adds them up. */
  readonly buckets: number[] = bounds.map(() => 0);
  sum = 0;
  count = 0;

  observe(seconds: number): void {
    this.sum += seconds;
    this.count++;
    for (let index = 0; index < bounds.length; index++) {
      if (seconds > (bounds[index] ?? 0)) continue;
      this.buckets[index] = (this.buckets[index] ?? 0) + 1;
      return;
    }
  }
}

/** All series of one name, in the order in which they were first counted. */
export class Family<Series> {
  readonly name: string;
  readonly help: string;
  readonly series = new Map<string, Series>();
  readonly #create: () => Series;

  constructor(name: string, help: string, create: () => Series) {
    this.name = `headgate_${name}`;
    this.help = help;
    this.#create = create;
  }

  /** The series of these labels. It stays the same, so whoever counts often keeps it. */
  of(labels: Labels): Series {
    const key = toLabelText(labels);
    const kept = this.series.get(key);
    if (kept !== undefined) return kept;
    const created = this.#create();
    this.series.set(key, created);
    return created;
  }
}

/** A counter on the page, in Prometheus' text format. */
export function countersText({ name, help, series }: Family<Count>): string {
  const lines = [...series].map(([labels, { value }]) => `${name}{${labels}} ${value}`);
  return [...headOf(name, help, "counter"), ...lines].join("\n");
}

/** A histogram on the page, in Prometheus' text format. */
export function histogramText({ name, help, series }: Family<Times>): string {
  const lines = [...series].flatMap(([labels, times]) => {
    let sofar = 0;
    const buckets = bounds.map((bound, index) => {
      sofar += times.buckets[index] ?? 0;
      return `${name}_bucket{le="${bound}",${labels}} ${sofar}`;
    });
    return [
      ...buckets,
      `${name}_bucket{le="+Inf",${labels}} ${times.count}`,
      `${name}_sum{${labels}} ${times.sum}`,
      `${name}_count{${labels}} ${times.count}`,
    ];
  });
  return [...headOf(name, help, "histogram"), ...lines].join("\n");
}

const headOf = (name: string, help: string, type: "counter" | "histogram"): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", '"': '\\"' };

const toLabelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${String(value).replace(/[\\\n"]/g, (one) => escapes[one] ?? one)}"`)
    .join(",");
