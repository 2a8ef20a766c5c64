import { describe, expect, test } from 'vitest'
import { alpha3, allCountries, countryName, parseCountry } from '../../src/names/country.ts'
import { direction, languageName } from '../../src/names/language.ts'
import { consonantKey, fold, nameKey, slug } from '../../src/names/name.ts'

describe('fold', () => {
  test.each([
    ['Kalyon GES Enerji Yatırımları A.Ş.', 'kalyon ges enerji yatirimlari a s'],
    ['Cristóbal', 'cristobal'],
    ['  Port   of  Tartus ', 'port of tartus'],
    ['مَرْفَأ طرطوس', 'مرفا طرطوس'],
    ['اللاذقيــة', 'اللاذقيه'],
    ['Хмеймим', 'хмеимим'],
    ['…', ''],
  ])('%s becomes %s', (text, folded) => expect(fold(text)).toBe(folded))
})

describe('the consonants of a name', () => {
  test.each(['Хмеймим', 'Hmeymim', 'حميميم', 'Khmeimim', 'Hmeimim'])('%s is hmmm', (word) =>
    expect(consonantKey(word)).toBe('hmmm'),
  )
  test.each(['Tartus', 'Tartous', 'طرطوس', 'Тартус'])('%s is trts', (word) => expect(consonantKey(word)).toBe('trts'))
  test('words that leave one consonant drop out of the key', () =>
    expect(nameKey('Port of Aya Tartus')).toBe('prt trts'))
})

describe('a slug', () => {
  test.each([
    ['DP World', 'dp-world'],
    ['L’Orient', 'lorient'],
    ['مرفأ طرطوس', 'mrf-trtws'],
    ['…', 'unnamed'],
    ['a'.repeat(100), 'a'.repeat(60)],
  ])('of %s is %s', (name, expected) => expect(slug(name)).toBe(expected))
})

describe('a country', () => {
  test.each([
    ['sy', 'SY'],
    ['SYR', 'SY'],
    ['su', 'SU'],
    ['SUN', 'SU'],
    ['XX', undefined],
    ['', undefined],
    ['constructor', undefined],
  ])('%s is read as %s', (text, code) => expect(parseCountry(text)).toBe(code))
  test('has a short name in three languages; former states have their own', () => {
    expect([countryName('SY'), countryName('SY', 'ar'), countryName('SY', 'ru')]).toEqual(['Syria', 'سوريا', 'Сирия'])
    expect([countryName('SU'), countryName('SU', 'ru')]).toEqual(['Soviet Union', 'Советский Союз'])
  })
  test('every code has an alpha-3 form and a name that is not the code', () => {
    for (const { code, name } of allCountries()) {
      expect(alpha3(code)).toMatch(/^[A-Z]{3}$/)
      expect(name).not.toBe(code)
    }
    expect(allCountries().length).toBeGreaterThan(248)
  })
})

test('a language has a name and a direction', () => {
  expect(languageName('ar')).toBe('Arabic')
  expect([direction('ar'), direction('ru'), direction(null)]).toEqual(['rtl', 'ltr', 'auto'])
})
