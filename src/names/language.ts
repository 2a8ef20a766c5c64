/** Languages offered for titles and names, by ISO 639-1 code. Any other two-letter code is accepted in a form. */
export const LANGUAGES = ['ar', 'ru', 'en', 'fr', 'fa', 'tr', 'zh', 'he', 'uk', 'es', 'de', 'sr', 'kk'] as const

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'ku', 'yi', 'dv', 'ug', 'sd'])

let english: Intl.DisplayNames | undefined

/** `Arabic` for `ar`; what is no code stays as it is. */
export function languageName(lang: string): string {
  english ??= new Intl.DisplayNames(['en'], { type: 'language' })
  try {
    return english.of(lang) ?? lang
  } catch {
    // What was typed need not be a code.
    return lang
  }
}

/** The `dir` of a text in a language; `auto` where the language is not known. */
export function direction(lang: string | null): 'rtl' | 'ltr' | 'auto' {
  if (lang === null) return 'auto'
  return RIGHT_TO_LEFT.has(lang) ? 'rtl' : 'ltr'
}

export const LANGUAGE_HINT = 'is not a language: give a code of ISO 639 such as ar'

/** True for the shape of a code of ISO 639. */
export function isLanguage(lang: string): boolean {
  return /^[a-z]{2,3}$/.test(lang)
}
