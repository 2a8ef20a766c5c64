import type { Plan } from './options.ts'

/** What was measured of something that happens again and again; p50 and p99 in milliseconds. */
export interface Measured {
  perSecond: number
  p50: number
  p99: number
}

/** The middle value; of an even number, the upper one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Sums up how long each of many took within so many seconds. */
export function sumUp(milliseconds: readonly number[], seconds: number): Measured {
  if (milliseconds.length === 0) throw new Error(`nothing was answered within ${seconds.toFixed(1)} s`)
  return {
    perSecond: milliseconds.length / seconds,
    p50: quantile(milliseconds, 0.5),
    p99: quantile(milliseconds, 0.99),
  }
}

/** Warms up, measures several times, and answers with the median of each figure. */
export async function medianOfRuns(
  { runs, seconds, warmUpSeconds }: Plan,
  measure: (seconds: number) => Promise<Measured>,
): Promise<Measured> {
  await measure(warmUpSeconds)
  const all: Measured[] = []
  for (let run = 0; run < runs; run += 1) all.push(await measure(seconds))
  return medianOf(all)
}

/** The median of each figure. */
export function medianOf(runs: readonly Measured[]): Measured {
  return {
    perSecond: median(runs.map(({ perSecond }) => perSecond)),
    p50: median(runs.map(({ p50 }) => p50)),
    p99: median(runs.map(({ p99 }) => p99)),
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}
