import { z } from 'zod'
import { isPartialDate, partialDate, type PartialDate } from '../time/partial-date.ts'

/** Longest text of one line, of an address, and of several lines, in characters. */
const LINE = 500
export const ADDRESS = 2_000
export const TEXT = 10_000
/** How often a field may be repeated. */
export const MOST = 200

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/
const DIRECTION_OVERRIDE = /[\u202a-\u202e\u2066-\u2069]/

/** Why a text cannot be kept as it is, or undefined. */
function refusal(text: string, longest: number): string | undefined {
  if (text.length > longest)
    return `is ${text.length.toLocaleString('en')} characters long: give at most ${longest.toLocaleString('en')}`
  if (!text.isWellFormed() || text.includes('\ufffd')) return 'holds a character that could not be read: type it again'
  if (CONTROL.test(text)) return 'holds a control character: type it again without'
  if (DIRECTION_OVERRIDE.test(text)) return 'holds an invisible direction override: type it again without'
  return undefined
}

const given = z.string({
  error: ({ input }) => (Array.isArray(input) ? 'is given more than once: give it once' : 'must be text'),
})

function checked(longest: number) {
  return given.superRefine((text, context) => {
    const message = refusal(text, longest)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

/** A line of text that must be there; ends trimmed. */
export function line(missing: string, longest = LINE) {
  return checked(longest)
    .nullish()
    .transform((text, context) => {
      const trimmed = text?.trim().replace(/\s+/g, ' ') ?? ''
      if (trimmed === '') context.addIssue({ code: 'custom', message: missing })
      return trimmed
    })
}

/** A line of text that may be left out: null then. */
export const optionalLine = checked(LINE)
  .nullish()
  .transform((text) => text?.trim().replace(/\s+/g, ' ') || null)

/** Text of several lines that may be left out: null then. Line ends become `\n`. */
export const optionalText = checked(TEXT)
  .nullish()
  .transform((text) => text?.trim().replace(/\r\n?/g, '\n') || null)

/** Text of several lines that must be there. */
export function requiredText(missing: string) {
  return optionalText.transform((text, context) => {
    if (text === null) context.addIssue({ code: 'custom', message: missing })
    return text ?? z.NEVER
  })
}

/** A partial date that may be left out: null then. */
export const optionalDate = given.nullish().transform((text, context): PartialDate | null => {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '') return null
  if (isPartialDate(trimmed)) return trimmed
  context.addIssue({ code: 'custom', message: partialDate.safeParse(trimmed).error?.issues[0]?.message ?? '' })
  return null
})

/** One word of a list; `what` names the list in the message. An empty value counts as left out: null. */
export function optionalWord<const Word extends string>(words: readonly Word[], what: string) {
  return given.nullish().transform((text, context): Word | null => {
    const trimmed = text?.trim() ?? ''
    if (trimmed === '') return null
    const word = words.find((candidate) => candidate === trimmed)
    if (word === undefined)
      context.addIssue({
        code: 'custom',
        message: `“${trimmed.slice(0, 40)}” is not ${what}: choose ${words.join(', ')}`,
      })
    return word ?? null
  })
}

/** One word of a list that must be there. */
export function word<const Word extends string>(words: readonly Word[], what: string) {
  return optionalWord(words, what).transform((chosen, context): Word => {
    if (chosen === null) context.addIssue({ code: 'custom', message: `Choose ${what}: ${words.join(', ')}` })
    return chosen ?? z.NEVER
  })
}

/** An http or https address that may be left out: null then. */
export const optionalAddress = checked(ADDRESS)
  .nullish()
  .transform((text, context) => {
    const trimmed = text?.trim() ?? ''
    if (trimmed === '') return null
    if (!isWebAddress(trimmed))
      context.addIssue({
        code: 'custom',
        message: 'is not a web address: give one that begins with https:// or http://',
      })
    return trimmed
  })

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#]/i.test(text) && !/[\r\n\t]/.test(text) && URL.canParse(text)
}

/** A whole number that says which version of an agreement was edited. */
export const version = given.optional().transform((text, context) => {
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text ?? '') || number < 1) {
    context.addIssue({
      code: 'custom',
      message: 'The version that this form was opened with is missing: open the form again',
    })
  }
  return number
})

const ID = /^[1-9]\d{0,14}$/

/** The number of something recorded, such as a claim; null when it is left out. */
export function optionalId(what: string) {
  return optionalLine.transform((text, context): number | null => {
    if (text === null) return null
    if (!ID.test(text))
      context.addIssue({ code: 'custom', message: `“${text.slice(0, 40)}” is not ${what}: give its number` })
    return Number(text)
  })
}

/** The newest change that the form was opened with, so that nobody decides on what they have not seen. */
export const seen = given.optional().transform((text, context) => {
  if (!ID.test(text ?? '')) {
    context.addIssue({ code: 'custom', message: 'What this form was opened with is missing: open the form again' })
  }
  return Number(text)
})

/** A field that may occur several times: always a list, each text checked, its white space folded. */
export const repeated = several(LINE).transform((texts) => texts.map((text) => text.trim().replace(/\s+/g, ' ')))

/** Several texts of several lines, or addresses: `longest` says how long each may be. */
export function repeatedText(longest = TEXT) {
  return several(longest).transform((texts) => texts.map((text) => text.trim().replace(/\r\n?/g, '\n')))
}

/** A field that occurs once arrives as a text, one that is left out not at all. */
function several(longest: number) {
  return z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z
      .array(checked(longest), { error: 'must be text' })
      .max(MOST, `is given too many times: give at most ${MOST.toLocaleString('en')}`),
  )
}

/** A box that is ticked (`yes`) or not there. */
export const ticked = optionalWord(['yes'], 'an answer').transform((answer) => answer === 'yes')

/** Numbers of things recorded, such as claims, each once; empty ones count as left out. */
export function repeatedIds(what: string) {
  return repeated.transform((texts, context): number[] => {
    const ids = texts.filter((text) => text !== '')
    const wrong = ids.find((text) => !ID.test(text))
    if (wrong === undefined) return [...new Set(ids.map(Number))]
    context.addIssue({ code: 'custom', message: `“${wrong.slice(0, 40)}” is not ${what}: choose from the list` })
    return []
  })
}
