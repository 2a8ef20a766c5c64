import { brotliDecompressSync } from 'node:zlib'

/** The tables that the directory of a WOFF2 file names by a number (W3C, WOFF File Format 2.0, section 4.1). */
const KNOWN_TABLES = (
  'cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx ' +
  'BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty ' +
  'just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill'
).split(' ')
const HEADER = 48

/** The characters that a WOFF2 file has a glyph for, read from its `cmap` (OpenType 1.9, formats 4 and 12). */
export function charactersOf(font: Buffer): Set<number> {
  const characters = new Set<number>()
  const cmap = tableOf(font, 'cmap')
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const subtable = cmap.subarray(cmap.readUInt32BE(4 + 8 * index + 4))
    const format = subtable.readUInt16BE(0)
    if (format === 4) addSegments(subtable, characters)
    if (format === 12) addGroups(subtable, characters)
  }
  return characters
}

function tableOf(font: Buffer, wanted: string): Buffer {
  if (font.toString('latin1', 0, 4) !== 'wOF2') throw new Error('this is no WOFF2 file')
  let at = HEADER
  let before = 0
  let found: { start: number; length: number } | undefined
  const number = (): number => {
    let value = 0
    for (;;) {
      const byte = font.readUInt8(at)
      at += 1
      value = value * 128 + (byte & 127)
      if (byte < 128) return value
    }
  }
  for (let table = 0; table < font.readUInt16BE(12); table += 1) {
    const flags = font.readUInt8(at)
    at += 1
    const known = flags & 63
    const tag = known === 63 ? font.toString('latin1', at, at + 4) : (KNOWN_TABLES[known] ?? '')
    if (known === 63) at += 4
    let length = number()
    // The outlines are stored in another form unless they say version 3, all other tables where they say another than 0.
    const isTransformed = ['glyf', 'loca'].includes(tag) ? flags >> 6 !== 3 : flags >> 6 !== 0
    if (isTransformed) length = number()
    if (tag === wanted) found = { start: before, length }
    before += length
  }
  if (!found) throw new Error(`the font has no table ${wanted}`)
  const tables = brotliDecompressSync(font.subarray(at, at + font.readUInt32BE(20)))
  return tables.subarray(found.start, found.start + found.length)
}

/** Format 4: segments of 16-bit characters. */
function addSegments(subtable: Buffer, characters: Set<number>): void {
  const count = subtable.readUInt16BE(6) / 2
  const column = (index: number, segment: number) => 14 + index * 2 * count + (index > 0 ? 2 : 0) + 2 * segment
  for (let segment = 0; segment < count; segment += 1) {
    const [end, start] = [subtable.readUInt16BE(column(0, segment)), subtable.readUInt16BE(column(1, segment))]
    const delta = subtable.readUInt16BE(column(2, segment))
    const offsetAt = column(3, segment)
    const offset = subtable.readUInt16BE(offsetAt)
    for (let character = start; character <= end && character < 0xffff; character += 1) {
      const listed = offset === 0 ? character : subtable.readUInt16BE(offsetAt + offset + 2 * (character - start))
      if (listed !== 0 && ((listed + delta) & 0xffff) !== 0) characters.add(character)
    }
  }
}

/** Format 12: groups of characters of any size. */
function addGroups(subtable: Buffer, characters: Set<number>): void {
  for (let group = 0; group < subtable.readUInt32BE(12); group += 1) {
    const at = 16 + 12 * group
    for (let character = subtable.readUInt32BE(at); character <= subtable.readUInt32BE(at + 4); character += 1)
      if (subtable.readUInt32BE(at + 8) + character - subtable.readUInt32BE(at) !== 0) characters.add(character)
  }
}
