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

/** What one route did. */
interface RouteFigures {
  /** Answers by method, then by status. */
  readonly answers: Map<string, Map<number, number>>
  /** Requests of at most each bound and above the one before it; the longest of all last. */
  readonly byDuration: number[]
  seconds: number
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
  const routes = new Map<string, RouteFigures>()
  const startedAt = Date.now() / 1000
  return {
    observe: ({ method, route = 'other', status, seconds }) => {
      const figures = routes.get(route) ?? addRoute(routes, route)
      const byStatus = answersTo(figures, methods.has(method) ? method : 'other')
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
      figures.seconds += seconds
      const place = bounds.findIndex((bound) => seconds <= bound)
      figures.byDuration[place < 0 ? bounds.length : place]! += 1
    },
    text: () =>
      [
        ...family('tessera_http_requests_total', 'counter', 'Requests that were answered.'),
        ...[...routes].flatMap(([route, { answers }]) => answerCounts(route, answers)),
        ...family('tessera_http_request_seconds', 'histogram', 'How long an answer took.'),
        ...[...routes].flatMap(([route, figures]) => histogram(`route="${route}"`, figures)),
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

function addRoute(routes: Map<string, RouteFigures>, route: string): RouteFigures {
  const byDuration = Array<number>(bounds.length + 1).fill(0)
  const figures: RouteFigures = { answers: new Map(), byDuration, seconds: 0 }
  routes.set(route, figures)
  return figures
}

function family(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function answersTo({ answers }: RouteFigures, method: string): Map<number, number> {
  const known = answers.get(method)
  if (known !== undefined) return known
  const none = new Map<number, number>()
  answers.set(method, none)
  return none
}

function answerCounts(route: string, answers: RouteFigures['answers']): readonly string[] {
  return [...answers].flatMap(([method, byStatus]) =>
    [...byStatus].map(
      ([status, count]) =>
        `tessera_http_requests_total{method="${method}",route="${route}",status="${status}"} ${count}`,
    ),
  )
}

function histogram(labels: string, { byDuration, seconds }: RouteFigures): readonly string[] {
  const name = 'tessera_http_request_seconds'
  let count = 0
  const upTo = byDuration.map((more) => (count += more))
  return [
    ...bounds.map((bound, index) => `${name}_bucket{${labels},le="${bound}"} ${upTo[index]}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${seconds.toFixed(6)}`,
    `${name}_count{${labels}} ${count}`,
  ]
}
