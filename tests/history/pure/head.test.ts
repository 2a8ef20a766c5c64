import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readHeads, readVerifier, signHead, verifierOf } from '../../../src/history/head.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519').privateKey
const HEAD = { id: 1_234, hash: 'ab'.repeat(32), recorded_at: '2026-11-23T12:00:00.000Z' }
const note = signHead(HEAD, privateKey)

describe('a signed head', () => {
  test('says what it is of, so that people can read it too', () => {
    expect(note.split('\n').slice(0, 5)).toEqual([
      'clausula-register',
      'change 1234',
      `hash ${HEAD.hash}`,
      'recorded 2026-11-23T12:00:00.000Z',
      '',
    ])
    expect(note.endsWith('\n')).toBe(true)
  })

  test('is read back by whoever has the word for the key', () => {
    expect(readHeads(note, readVerifier(verifierOf(privateKey)))).toEqual([{ head: HEAD }])
  })

  test('is signed as signed notes are: key hash and Ed25519 of the text', () => {
    const [text = '', line = ''] = note.split('\n\n')
    const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64')
    expect(bytes.subarray(0, 4).toString('hex')).toBe(verifierOf(privateKey).split('+')[1])
    expect(bytes.subarray(4)).toEqual(sign(null, Buffer.from(`${text}\n`), privateKey))
  })

  test('is one of several in a file, whatever the line ends', () => {
    const later = signHead({ ...HEAD, id: 1_235 }, privateKey)
    for (const file of [note + later, `${note}\n${later}`, (note + later).replaceAll('\n', '\r\n')])
      expect(readHeads(file, privateKey)).toEqual([{ head: HEAD }, { head: { ...HEAD, id: 1_235 } }])
  })

  test.each([
    ['another number', note.replace('change 1234', 'change 1235'), /change 1235 was altered/],
    ['another hash', note.replace('abab', 'acab'), /change 1234 was altered/],
    ['another time', note.replace('2026', '2025'), /change 1234 was altered/],
    ['no signature', note.split('\n\n')[0] ?? '', /is no head/],
    ['another key', signHead(HEAD, other), /another key/],
    ['something else', 'a line', /“a line” is no head/],
  ])('is not believed with %s', (_what, text, wrong) => {
    const [read] = readHeads(text, privateKey)
    expect(read).toMatchObject({ wrong: expect.stringMatching(wrong) })
  })
})

describe('the word for a key', () => {
  test.each(['', 'clausula-register', verifierOf(privateKey).replace('+', '-'), `${verifierOf(privateKey)}x`])(
    'is not “%s”',
    (word) => {
      expect(() => readVerifier(word)).toThrow('no key of a register')
    },
  )

  test('names its own hash', () => {
    const [name, , key] = verifierOf(privateKey).split('+')
    expect(() => readVerifier(`${name}+00000000+${key}`)).toThrow('no key of a register')
  })
})
