/** The first thing in a register that does not follow from its history. */
export class Fault extends Error {
  override readonly name = 'Fault'
}

/** Whether two values of a field say the same: what is empty counts as not there. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return one === other || written(one) === written(other)
}

function written(value: unknown): string {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
    ? ''
    : JSON.stringify(value)
}
