/** What a form's schema says its findings to. */
export type Issues = { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void }

/** Says what is wrong in a field. */
export function addIssue(context: Issues, field: string, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message })
}
