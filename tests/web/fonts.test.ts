import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allCountries } from '../../src/names/country.ts'
import { LANGUAGES, languageName } from '../../src/names/language.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { charactersOf } from '../support/woff2.ts'

/** A face as the style sheet declares it, with the characters that its file has glyphs for. */
interface Face {
  family: string
  weight: number
  ranges: [from: number, to: number][]
  characters: Set<number>
}

const WEIGHTS = [400, 500, 600]
/** The alphabets that titles and names are offered in, beyond what the seeds have of them. */
const KAZAKH = 'АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ'
const UKRAINIAN = 'ҐЄІЇ'
const SERBIAN = 'ЂЈЉЊЋЏ'
const TURKISH = 'ÇĞİIÖŞÜÂÎÛ'
const HEBREW = 'אבגדהוזחטיכךלמםנןסעפףצץקרשת'
const PERSIAN = 'پچژگکی'

let app: TestApp
let css: string
let faces: Face[]
beforeAll(async () => {
  app = await startTestApp()
  const { text } = await app.reader.get('/')
  css = await styleSheets(text)
  faces = await Promise.all([...css.matchAll(/@font-face \{([^}]*)\}/g)].map(([, rule = '']) => readFace(rule)))
})
afterAll(() => app.stop())

async function styleSheets(page: string): Promise<string> {
  const addresses = [...page.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href = '']) => href)
  return (await Promise.all(addresses.map(async (href) => (await app.reader.get(href).expect(200)).text))).join('\n')
}

async function readFace(rule: string): Promise<Face> {
  const value = (pattern: RegExp) => pattern.exec(rule)?.[1] ?? ''
  const { body } = await app.reader
    .get(`/assets/${value(/url\('([^']+)'\)/)}`)
    .responseType('blob')
    .expect(200)
  const ranges = [...value(/unicode-range: ([^;]+);/).matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)]
  return {
    family: value(/font-family: '([^']+)'/),
    weight: Number(value(/font-weight: (\d+)/)),
    ranges: ranges.map(([, from = '', to = from]) => [Number.parseInt(from, 16), Number.parseInt(to, 16)]),
    characters: charactersOf(body as Buffer),
  }
}

const isIn = ({ ranges }: Face, character: number) => ranges.some(([from, to]) => from <= character && character <= to)

/** The faces that a page chooses from for a family: those of the weight, or of the nearest that the family has (CSS Fonts 4, 5.2). */
function facesOf(family: string, weight: number): Face[] {
  const own = faces.filter((face) => face.family === family)
  const has = (one: number) => own.some((face) => face.weight === one)
  const nearest = has(weight) ? weight : WEIGHTS.find(has)
  return own.filter((face) => face.weight === nearest)
}

/** Every text below a folder, as it is shown: what JSON escapes is unescaped. */
function textsIn(folder: string, ending: string): string[] {
  const root = join(import.meta.dirname, '../..', folder)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .map((text) => (ending === '.json' ? JSON.stringify(JSON.parse(text)) : text))
}

/** Every character that a page of the register that is shipped can show, and the letters of the languages that it offers. */
function charactersShown(): number[] {
  const letters = [KAZAKH, UKRAINIAN, SERBIAN, TURKISH].flatMap((alphabet) => [alphabet, alphabet.toLowerCase()])
  const texts = [
    ...textsIn('seeds', '.json'),
    ...textsIn('views', '.ejs'),
    ...textsIn('views/assets', '.js'),
    ...textsIn('src', '.ts'),
    ...allCountries().map(({ name }) => name),
    ...LANGUAGES.map(languageName),
    ...letters,
    HEBREW,
    PERSIAN,
  ]
  const shown = new Set(texts.flatMap((text) => Array.from(text.normalize())))
  return [...shown].filter((character) => /[^\p{C}\p{Zl}\p{Zp}]/u.test(character)).map((one) => one.codePointAt(0) ?? 0)
}

const named = (characters: number[]) =>
  characters.map((one) => `U+${one.toString(16).toUpperCase().padStart(4, '0')} ${String.fromCodePoint(one)}`)

describe('every character that a page shows', () => {
  const shown = charactersShown()

  test.each(
    ['--tblr-font-sans-serif', '--serif', '--mono'].flatMap((stack) =>
      WEIGHTS.map((weight) => [stack, weight] as const),
    ),
  )('is in a face that is served, in %s at weight %d', (stack, weight) => {
    const families = new RegExp(`${stack}: ('Plex[^;]+);`).exec(css)?.[1]?.split(', ') ?? []
    const served = families.flatMap((family) => facesOf(family.replaceAll("'", ''), weight))
    expect(served.length).toBeGreaterThan(0)
    const missing = shown.filter((one) => !served.some((face) => isIn(face, one) && face.characters.has(one)))
    expect(named(missing)).toEqual([])
  })

  test('makes no page load a face in vain', () => {
    const families = [...new Set(faces.map(({ family }) => family))]
    const alone = shown.flatMap((one) =>
      families.flatMap((family) =>
        WEIGHTS.flatMap((weight) =>
          facesOf(family, weight).filter((face) => isIn(face, one) && !face.characters.has(one)),
        ).map(({ family: name, weight }) => `${name} ${weight} ${named([one]).join('')}`),
      ),
    )
    expect([...new Set(alone)]).toEqual([])
  })
})

test('a family’s faces of one weight have no character in common, so that one of them answers', () => {
  for (const [index, one] of faces.entries()) {
    for (const other of faces.slice(index + 1)) {
      if (one.family !== other.family || one.weight !== other.weight) continue
      const common = one.ranges.filter(([from, to]) => other.ranges.some(([start, end]) => from <= end && start <= to))
      expect(common).toEqual([])
    }
  }
})

test('what asks for a weight asks for one that is served, or for the next bolder', () => {
  const asked = [...css.slice(css.indexOf('@font-face')).matchAll(/font-weight: (\w+)/g)].map(([, weight]) => weight)
  expect(new Set(asked)).toEqual(new Set(WEIGHTS.map(String)))
})
