import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { crc32, createInflateRaw } from 'node:zlib'

/** Why a file is not the gzipped one that it should be. */
export class GzipFault extends Error {
  override readonly name = 'GzipFault'
}

/** The optional parts of a header, by the bits of its fourth byte (RFC 1952, section 2.3.1). */
const [HEADER_CRC, EXTRA, NAME, COMMENT] = [2, 4, 8, 16]
const FIXED_HEADER = 10
/** Behind what is compressed: its CRC-32, and its length. */
const TRAILER = 8
const LONGEST_HEADER = 65_536

/**
 * What a gzipped file holds, piece by piece. Node's own reader takes whatever stands behind it for more of it, or for nothing: here a
 * file is one member and no byte more.
 * @throws GzipFault when it is cut or altered, or something stands behind it.
 */
export async function* gunzipped(file: string): AsyncGenerator<Buffer> {
  const { start, size } = await readHeader(file)
  const input = createReadStream(file, { start })
  const inflate = createInflateRaw({ chunkSize: 65_536 })
  input.on('error', (error) => inflate.destroy(error))
  // What goes wrong after the reading has ended is nobody's business any more.
  inflate.on('error', () => {})
  let [checksum, length] = [0, 0]
  try {
    for await (const chunk of input.pipe(inflate) as AsyncIterable<Buffer>) {
      checksum = crc32(chunk, checksum)
      length += chunk.length
      yield chunk
    }
    const end = start + inflate.bytesWritten + TRAILER
    if (size > end) throw new GzipFault(`${size - end} bytes stand behind its end`)
    const trailer = await readAt(file, end - TRAILER, TRAILER)
    if (trailer.length < TRAILER) throw new GzipFault('its end is missing')
    if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== length % 2 ** 32)
      throw new GzipFault('it was altered')
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.startsWith('Z_') ? new GzipFault('it was cut or altered') : error
  } finally {
    input.destroy()
    inflate.destroy()
  }
}

/** Where the compressed bytes begin, and how long the file is. */
async function readHeader(file: string): Promise<{ start: number; size: number }> {
  const header = await readAt(file, 0, LONGEST_HEADER)
  const flags = header[3] ?? 0
  let start = FIXED_HEADER
  if (flags & EXTRA) start += 2 + (start + 2 <= header.length ? header.readUInt16LE(start) : 0)
  for (const part of [NAME, COMMENT])
    if (flags & part) {
      const end = header.indexOf(0, start)
      start = end === -1 ? header.length : end + 1
    }
  if (flags & HEADER_CRC) start += 2
  if (start >= header.length) throw new GzipFault('its beginning is not that of a gzipped file')
  const handle = await open(file)
  try {
    return { start, size: (await handle.stat()).size }
  } finally {
    await handle.close()
  }
}

async function readAt(file: string, position: number, length: number): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
