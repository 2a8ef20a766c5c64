/** The shape of a reference, for telling one apart from other words. */
export const REFERENCE = /^[A-Z]{3}(?:-[A-Z]{3})*-(?:\d{4}|ND)-\d+$/
