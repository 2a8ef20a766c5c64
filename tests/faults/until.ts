import { setTimeout } from 'node:timers/promises'

const BETWEEN_LOOKS = 10

/** Looks until something is so: how long that took, in milliseconds; null where it was not so within `most`. */
export async function until(isSo: () => boolean | Promise<boolean>, most: number): Promise<number | null> {
  const began = performance.now()
  for (; performance.now() - began < most; await setTimeout(BETWEEN_LOOKS))
    if (await isSo()) return performance.now() - began
  return null
}
