import anyAscii from 'any-ascii'

const MARKS = /\p{M}+/gu
const NOT_WORD = /[^\p{L}\p{N}]+/gu
const TATWEEL = /\u0640/g

/**
 * A text as it is compared: no case, no accents or vowel marks, no punctuation, letters that are typed for one
 * another made one (Arabic alef maqsura and ta marbuta, Turkish dotless i), words parted by one space.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(TATWEEL, '')
    .toLowerCase()
    .replaceAll('ى', 'ي')
    .replaceAll('ة', 'ه')
    .replaceAll('ı', 'i')
    .replace(NOT_WORD, ' ')
    .trim()
}

/** A text without case, accents and vowel marks, its signs kept: for finding a part of a title or of an address. */
export function plain(text: string): string {
  return text.normalize('NFKD').replace(MARKS, '').toLowerCase()
}

/**
 * The consonants of a word's transliteration: `kh` as `h`, no vowels, no `y` or `w`. Хмеймим, Hmeymim and
 * حميميم are all `hmmm`. A key to search by, never a text to show.
 */
export function consonantKey(word: string): string {
  return anyAscii(word)
    .toLowerCase()
    .replaceAll('kh', 'h')
    .replace(/[^a-z0-9]/g, '')
    .replace(/[aeiouyw]/g, '')
}

/** The consonant keys of a name's words, parted by a space; words that leave less than two consonants drop out. */
export function nameKey(name: string): string {
  return fold(name)
    .split(' ')
    .map(consonantKey)
    .filter((key) => key.length >= 2)
    .join(' ')
}

/** A name as part of an address: ASCII, lower case, words parted by hyphens, at most 60 characters. */
export function slug(name: string): string {
  const ascii = anyAscii(name)
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return ascii === '' ? 'unnamed' : ascii
}
