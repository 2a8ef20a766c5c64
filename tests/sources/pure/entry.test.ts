import { describe, expect, test } from 'vitest'
import { sourceEntry } from '../../../src/sources/entry.ts'
import { sourceForm } from '../../../src/sources/form.ts'
import { faults } from '../../support/entries.ts'

const REPORT = {
  title: 'Port report',
  publisher: 'The Gazette',
  url: 'https://gazette.example/1',
  published_on: '2025-02',
}

describe('what a source may hold', () => {
  test('is what it is known by, and what is judged of it', () => {
    const entry = { ...REPORT, lang: 'ar', read_on: '2026-11-20', reliability: 'B' }
    expect(sourceEntry.parse(entry)).toEqual(entry)
  })

  test('is null where nothing is said, with white space folded', () => {
    expect(sourceEntry.parse({ title: '  Port \n report ' })).toEqual({
      title: 'Port report',
      publisher: null,
      url: null,
      published_on: null,
      lang: null,
      read_on: null,
      reliability: null,
    })
  })

  test.each([
    [{}, 'title: Give the source’s title, publisher or address'],
    [{ published_on: '2025' }, 'title: Give the source’s title, publisher or address'],
    [{ ...REPORT, url: 'gazette.example' }, /^url: is not a web address/],
    [{ ...REPORT, published_on: '2025-02-30' }, /^published_on: “2025-02-30” is not a date/],
    [{ ...REPORT, read_on: 2025 }, 'read_on: must be text'],
    [{ ...REPORT, lang: 'Arabic' }, /^lang: /],
    [{ ...REPORT, reliability: 'Z' }, /^reliability: “Z” is not a reliability/],
    [{ ...REPORT, title: ['a', 'b'] }, 'title: is given more than once: give it once'],
    [{ ...REPORT, colour: 'red' }, ': Unknown field colour: leave it out'],
    ['a report', ': must be an object'],
  ])('is not %j', (given, told) => {
    expect(faults(sourceEntry, given)).toEqual([typeof told === 'string' ? told : expect.stringMatching(told)])
  })

  test('is the same from a form', () => {
    const form = {
      source_title: 'Port report',
      source_publisher: 'The Gazette',
      source_url: 'https://gazette.example/1',
      source_published_on: '2025-02',
      source_reliability: 'B',
    }
    expect(sourceForm.parse(form)).toEqual(sourceEntry.parse({ ...REPORT, reliability: 'B' }))
    expect(faults(sourceForm, { source_lang: 'ar' })).toEqual([
      'source_title: Give the source’s title, publisher or address',
    ])
  })
})
