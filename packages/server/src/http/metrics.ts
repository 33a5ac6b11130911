/** What the server counts, in the text format of Prometheus. Labels are routes and codes, never what a request says. */

export interface Metrics {
  /** One answered request. @param route the pattern that matched, or undefined for none */
  observe(request: {
    readonly method: string
    readonly route: string | undefined
    readonly status: number
    readonly seconds: number
  }): void
  /** The figures of this moment. */
  text(): string
}

/** Upper bounds of the buckets, in seconds: from a refresh without a disk to a login in a long queue. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

interface Durations {
  /** Requests of at most each bound, and of any duration last. */
  readonly upTo: number[]
  sum: number
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])

/**
 * @param gauges figures that are read when they are asked for: name and help, then the value
 * @param counters what others count, by one label each
 */
export function createMetrics(
  gauges: readonly Gauge[] = [],
  counters: readonly LabelledCounter[] = [],
): Metrics {
  const answers = new Map<string, number>()
  const durations = new Map<string, Durations>()
  const startedAt = Date.now() / 1000
  return {
    observe: ({ method, route = 'other', status, seconds }) => {
      const known = methods.has(method) ? method : 'other'
      const labels = `method="${known}",route="${route}",status="${status}"`
      answers.set(labels, (answers.get(labels) ?? 0) + 1)
      note(durations, `route="${route}"`, seconds)
    },
    text: () =>
      [
        ...family('tessera_http_requests_total', 'counter', 'Requests that were answered.'),
        ...[...answers].map(([labels, count]) => `tessera_http_requests_total{${labels}} ${count}`),
        ...family('tessera_http_request_seconds', 'histogram', 'How long an answer took.'),
        ...[...durations].flatMap(([labels, duration]) => histogram(labels, duration)),
        ...family('process_start_time_seconds', 'gauge', 'When the process began, as seconds since 1970.'),
        `process_start_time_seconds ${startedAt.toFixed(3)}`,
        ...family('process_resident_memory_bytes', 'gauge', 'Memory of the process.'),
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
        ...gauges.flatMap(({ name, help, read }) => [...family(name, 'gauge', help), `${name} ${read()}`]),
        ...counters.flatMap(({ name, help, label, read }) => [
          ...family(name, 'counter', help),
          ...[...read()].map(([value, count]) => `${name}{${label}="${value}"} ${count}`),
        ]),
        '',
      ].join('\n'),
  }
}

/** A figure that is read when somebody asks. */
export interface Gauge {
  readonly name: string
  readonly help: string
  read(): number
}

/** Counts of things of several kinds. The kinds are words of ours. */
export interface LabelledCounter {
  readonly name: string
  readonly help: string
  readonly label: string
  read(): Iterable<readonly [string, number]>
}

function note(durations: Map<string, Durations>, labels: string, seconds: number): void {
  const known = durations.get(labels)
  const duration = known ?? { upTo: Array<number>(bounds.length + 1).fill(0), sum: 0 }
  if (known === undefined) durations.set(labels, duration)
  duration.sum += seconds
  bounds.forEach((bound, index) => {
    if (seconds <= bound) duration.upTo[index] = (duration.upTo[index] ?? 0) + 1
  })
  duration.upTo[bounds.length] = (duration.upTo[bounds.length] ?? 0) + 1
}

function family(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function histogram(labels: string, { upTo, sum }: Durations): readonly string[] {
  const name = 'tessera_http_request_seconds'
  return [
    ...bounds.map((bound, index) => `${name}_bucket{${labels},le="${bound}"} ${upTo[index]}`),
    `${name}_bucket{${labels},le="+Inf"} ${upTo[bounds.length]}`,
    `${name}_sum{${labels}} ${sum.toFixed(6)}`,
    `${name}_count{${labels}} ${upTo[bounds.length]}`,
  ]
}
