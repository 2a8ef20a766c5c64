/** A line is longer than may be. */
export class LongLine extends Error {
  override readonly name = 'LongLine'
}

/**
 * Lines, each ended by a line feed, without it; of the last one the line feed may be missing. Takes time by the length of what is read,
 * and memory by the longest line.
 * @param most bytes that a line may have
 * @throws LongLine as soon as one has more
 */
export async function* linesIn(chunks: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let begun: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = 0; end !== -1;) {
      end = chunk.indexOf(0x0a, from)
      const part = chunk.subarray(from, end === -1 ? chunk.length : end)
      length += part.length
      if (length > most) throw new LongLine()
      if (end === -1) {
        if (part.length > 0) begun.push(part)
        continue
      }
      yield begun.length === 0 ? part : Buffer.concat([...begun, part], length)
      begun = []
      length = 0
      from = end + 1
    }
  }
  if (length > 0) yield Buffer.concat(begun, length)
}
