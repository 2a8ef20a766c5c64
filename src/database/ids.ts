/** Numbers of rows, each once, in order. */
export function idsInOrder(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}
