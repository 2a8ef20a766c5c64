import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// What a password may be, by NIST SP 800-63B (revision 3, 2017), section 5.1.1.2: of any characters, compared with those that are
// commonly chosen and with what is known of whoever chooses it. It is only looked at here, and hashed as it was typed.

/** In characters that can be seen. */
export const SHORTEST_PASSWORD = 8
/** In UTF-16 units. */
export const LONGEST_PASSWORD = 200
/** Fewer different characters than this are a pattern that is tried early, however long. */
const FEWEST_DIFFERENT = 3

const COMMON = join(import.meta.dirname, '../../db/common-passwords.txt')

/** What is known of whoever chooses a password. */
export interface Chooser {
  email: string
  name: string
}

/** What a reader takes for one character (UAX 29). */
const characters = new Intl.Segmenter()

/** White space, control and format characters, and what is never drawn: nobody sees how many of them there are. */
const INVISIBLE = /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+$/u

/** The characters of a password that can be seen, as they are after NFC (UAX 15). */
function visible(password: string): string[] {
  return [...characters.segment(password.normalize('NFC'))]
    .map(({ segment }) => segment)
    .filter((character) => !INVISIBLE.test(character))
}

/** Why a password cannot be chosen by anybody, with what to choose instead; undefined for one that can. */
export function passwordFault(password: string): string | undefined {
  if (password.length > LONGEST_PASSWORD) return `Choose a password of at most ${LONGEST_PASSWORD} characters`
  const seen = visible(password)
  if (seen.length < SHORTEST_PASSWORD)
    return `Choose a password of at least ${SHORTEST_PASSWORD} characters; spaces and what is invisible do not count`
  if (new Set(seen).size < FEWEST_DIFFERENT)
    return 'Choose a password of more different characters: a few words are best'
  if (commonPasswords().has(folded(seen.join(''))))
    return 'This is one of the passwords that are tried first: choose another, a few words are best'
  return undefined
}

/** Why somebody cannot choose a password that others can: undefined where they can. */
export function personalFault(password: string, { email, name }: Chooser): string | undefined {
  const [local = '', ...domain] = email.split('@')
  const known = [email, local, domain.join('@'), name, 'clausula', ...name.split(/\s+/)].map(letters)
  const chosen = letters(password)
  if (chosen === '' || !known.includes(chosen)) return undefined
  return 'This password is your name, your address or the name of this program, and little else: choose another, a few words are best'
}

/** Upper and lower case, wide and narrow forms are one. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function letters(text: string): string {
  return folded(text).replace(/[^\p{L}\p{M}]/gu, '')
}

let common: ReadonlySet<string> | undefined

/** Needed when somebody chooses a password, which most processes never see. */
function commonPasswords(): ReadonlySet<string> {
  return (common ??= new Set(
    readFileSync(COMMON, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  ))
}
