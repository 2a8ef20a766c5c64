import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'

/** The newest entry of the history: its number, its hash (64 hex digits), and when it was recorded. */
export interface Head {
  id: number
  hash: string
  recorded_at: string
}

/** Whose heads they are, in the first line and beside the signature. */
const NAME = 'clausula-register'
const ED25519 = Buffer.from([1])
const SIGNATURE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/
const NOTE = new RegExp(
  `^${NAME}\\nchange (0|[1-9]\\d{0,14})\\nhash ([0-9a-f]{64})\\nrecorded (\\S*)\\n\\n(— \\S+ \\S+)$`,
)

/**
 * A head as a signed note that can be kept anywhere and checked without the register: text, an empty line, and an Ed25519 signature of the
 * text. The form is that of https://c2sp.org/signed-note.
 */
export function signHead({ id, hash: newest, recorded_at }: Head, key: KeyObject): string {
  const text = `${NAME}\nchange ${id}\nhash ${newest}\nrecorded ${recorded_at}\n`
  const signature = Buffer.concat([keyHash(key), sign(null, Buffer.from(text), key)])
  return `${text}\n— ${NAME} ${signature.toString('base64')}\n`
}

/** A key by which everybody can check what another one signed, as one word: name, hash and public key, as signed notes have it. */
export function verifierOf(key: KeyObject): string {
  return `${NAME}+${keyHash(key).toString('hex')}+${Buffer.concat([ED25519, publicBytes(key)]).toString('base64')}`
}

/**
 * The public key in the word that `verifierOf` makes.
 * @throws TypeError for anything else
 */
export function readVerifier(word: string): KeyObject {
  const [, id, encoded] = /^clausula-register\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(word.trim()) ?? []
  const bytes = Buffer.from(encoded ?? '', 'base64')
  if (bytes.length !== 33 || bytes[0] !== ED25519[0]) throw new TypeError('no key of a register')
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') },
    format: 'jwk',
  })
  if (keyHash(key).toString('hex') !== id) throw new TypeError('no key of a register')
  return key
}

/** One of the heads in a file: what it says, or why it cannot be believed. */
export type ReadHead = { head: Head } | { wrong: string }

/** The heads that were kept one behind another, each held against the key that has to have signed it. */
export function readHeads(text: string, key: KeyObject): ReadHead[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(new RegExp(`^(?=${NAME}$)`, 'm'))
    .map((note) => note.trim())
    .filter((note) => note !== '')
    .map((note) => readHead(note, key))
}

function readHead(note: string, key: KeyObject): ReadHead {
  const [, id = '', newest = '', recorded_at = '', line = ''] = NOTE.exec(note) ?? []
  if (line === '') return { wrong: `“${note.slice(0, 40)}” is no head of a register` }
  const [, , encoded = ''] = SIGNATURE.exec(line) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  const signed = note.slice(0, note.length - line.length - 1)
  const isOurs = bytes.subarray(0, 4).equals(keyHash(key))
  if (!isOurs) return { wrong: `the head of change ${id} was signed with another key` }
  if (!verify(null, Buffer.from(signed), key, bytes.subarray(4)))
    return { wrong: `the head of change ${id} was altered after it was signed` }
  return { head: { id: Number(id), hash: newest, recorded_at } }
}

function keyHash(key: KeyObject): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${NAME}\n`), ED25519, publicBytes(key)]), 'buffer').subarray(0, 4)
}

function publicBytes(key: KeyObject): Buffer {
  const { x = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return Buffer.from(x, 'base64url')
}
