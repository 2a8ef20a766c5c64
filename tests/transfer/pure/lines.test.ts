import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesIn, LongLine } from '../../../src/transfer/lines.ts'

async function* cut(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let from = 0, at = 0; from < bytes.length; at += 1) {
    const to = from + (sizes[at % sizes.length] ?? 1)
    yield bytes.subarray(from, to)
    from = to
  }
}

async function read(chunks: AsyncIterable<Buffer>, most: number): Promise<string[]> {
  const lines = []
  for await (const line of linesIn(chunks, most)) lines.push(line.toString())
  return lines
}

const text = fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r'), { maxLength: 60 }).map((all) => all.join(''))
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 })

test('lines are the same however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(text, sizes, async (all, cuts) => {
      const lines = all.split('\n')
      if (lines.at(-1) === '') lines.pop()
      expect(await read(cut(all, cuts), 1000)).toEqual(lines)
    }),
  )
})

test('a line of more bytes than may be is refused, one of as many is not', async () => {
  await fc.assert(
    fc.asyncProperty(text, sizes, async (all, cuts) => {
      const longest = Math.max(0, ...all.split('\n').map((line) => Buffer.byteLength(line)))
      await expect(read(cut(all, cuts), longest)).resolves.toBeDefined()
      if (longest > 0) await expect(read(cut(all, cuts), longest - 1)).rejects.toThrow(LongLine)
    }),
  )
})

test('nothing more is read of a line that is too long', async () => {
  let taken = 0
  const endless = async function* () {
    for (;;) {
      taken += 1
      yield Buffer.alloc(1000, 'a')
    }
  }
  await expect(read(endless(), 10_000)).rejects.toThrow(LongLine)
  expect(taken).toBe(11)
})
