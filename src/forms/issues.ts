/** What a schema says its findings to. */
export type Issues = { addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void }

/** Says what is wrong in a field, or at a place within an object. */
export function addIssue(context: Issues, at: string | PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path: typeof at === 'string' ? [at] : at, message })
}
