import { describe, expect, test } from 'vitest'
import { CHANGE_KINDS, changeKindLabel } from '../../../src/words/change-kind.ts'
import { type ChangeEntry, difference, filled, hashChange } from '../../../src/history/change.ts'
import { fieldChanges } from '../../../src/history/fields.ts'
import { CHANGE_CSV_HEADING, changeCsv } from '../../../src/history/csv.ts'
import { fieldLabel, sentence } from '../../../src/history/sentence.ts'

const FIRST = '0'.repeat(64)
const entry: ChangeEntry = {
  id: 1,
  recorded_at: '2026-11-23T12:00:00.000Z',
  actor: 2,
  kind: 'status_changed',
  subject: 'agreement:7',
  agreement: 7,
  version: 3,
  before: '{"status":"active"}',
  after: '{"status":"annulled"}',
  reason: 'Notice given.',
}

describe('the hash of a change', () => {
  test('is the SHA-256 of the one before it and every field, as JSON', () => {
    // printf '%s' '["000…","1",…]' | sha256sum, worked out outside the program.
    expect(hashChange(FIRST, entry)).toBe('07762eb664c7b668511fe2fc16c5210cb3302e0d48af55f0dca6947dafc5033f')
  })

  test('differs as soon as anything differs', () => {
    const hashes = [
      hashChange(FIRST, entry),
      hashChange('1'.repeat(64), entry),
      ...Object.keys(entry).map((field) =>
        hashChange(FIRST, { ...entry, [field]: field === 'id' || field === 'actor' ? 99 : null }),
      ),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

describe('what a change touched', () => {
  test('is one line for each field, without what is only context', () => {
    expect(
      fieldChanges(
        { status: 'active', lead: null },
        { status: 'annulled', lead: 'Ada', parties: ['A', 'B'], own: true, effective_on: '2025', sources: ['x'] },
      ),
    ).toEqual([
      { field: 'status', before: 'active', after: 'annulled' },
      { field: 'lead', before: null, after: 'Ada' },
      { field: 'parties', before: null, after: 'A; B' },
      { field: 'own', before: null, after: 'yes' },
    ])
    expect(fieldChanges(null, null)).toEqual([])
    expect(fieldChanges({ own: false }, null)).toEqual([{ field: 'own', before: 'no', after: null }])
  })

  test('is only what differs', () => {
    expect(difference({ a: 1, b: 'x', c: ['p'] }, { a: 1, b: 'y', d: 'new', c: ['p'] })).toEqual({
      before: { b: 'x', d: null },
      after: { b: 'y', d: 'new' },
    })
    expect(difference({ a: 1 }, { a: 1 })).toBeNull()
    expect(difference({ a: null }, {})).toBeNull()
  })

  test('of something new is what has a value', () => {
    expect(filled({ a: null, b: '', c: [], d: 0, e: false, f: ['x'] })).toEqual({ b: '', d: 0, e: false, f: ['x'] })
  })
})

describe('the sentence of a change', () => {
  const said = (kind: (typeof CHANGE_KINDS)[number], before: object | null, after: object | null) =>
    sentence({ kind, before: before as never, after: after as never })

  test.each([
    ['agreement_created', null, { status: 'active' }, 'entered the agreement as Active'],
    ['agreement_edited', { lead: null, title_ar: 'x' }, { lead: 'A', title_ar: 'y' }, 'edited lead and title (ar)'],
    ['agreement_edited', { a: 1, b: 1, c: 1 }, { a: 2, b: 2, c: 2 }, 'edited a, b and c'],
    ['agreement_edited', null, null, 'edited the agreement'],
    [
      'status_changed',
      { status: 'active' },
      { status: 'annulled', effective_on: '2025-01' },
      'moved the status from Active to Annulled, with effect from Jan 2025',
    ],
    [
      'status_changed',
      { status: 'active' },
      { status: 'active', effective_on: '2025' },
      'recorded other means of Active, with effect from 2025',
    ],
    [
      'status_changed',
      { status: 'active' },
      { position: { status: 'annulled', means: null, effective_on: '2030' }, effective_on: '2030' },
      'recorded the position Annulled from 2030; the status stays as it is',
    ],
    ['position_took_effect', null, { status: 'annulled' }, 'brought the position Annulled into effect on its day'],
    ['source_added', null, { title: 'T', url: 'u' }, 'recorded the source “T”'],
    ['source_added', null, { url: 'u' }, 'recorded the source “u”'],
    ['source_added', null, { publisher: 'p'.repeat(130) }, `recorded the source “${'p'.repeat(120)}…”`],
    [
      'claim_added',
      null,
      { claim: { asserted_by: 'X', stance: 'denies', status: 'annulled' } },
      'recorded a claim: X denies Annulled',
    ],
    ['party_added', null, { name: 'DP World' }, 'entered “DP World” in the directory'],
    ['place_added', null, { name: 'Tartus' }, 'entered “Tartus” in the directory'],
    ['party_name_added', null, { name: 'N' }, 'added the name “N”'],
    ['place_name_added', null, { name: 'N' }, 'added the name “N”'],
    ['user_added', null, { name: 'Ada', role: 'analyst' }, 'added the account Ada as analyst'],
    ['user_role_changed', { role: 'reader' }, { account: 'Ada', role: 'admin' }, 'made Ada admin, who was reader'],
    ['user_disabled', null, { account: 'Ada' }, 'disabled the account Ada'],
    ['user_enabled', null, { account: 'Ada' }, 'enabled the account Ada'],
    ['user_password_changed', null, null, 'changed the password'],
    ['user_password_link_made', null, { account: 'Ada' }, 'made a one-time link with which Ada sets a new password'],
    ['user_signed_out', null, { account: 'Ada' }, 'signed Ada out everywhere'],
  ] as const)('%s', (kind, before, after, expected) => expect(said(kind, before, after)).toBe(expected))

  test('every kind has one, and a label', () => {
    for (const kind of CHANGE_KINDS) {
      expect(said(kind, null, null)).not.toBe('')
      expect(changeKindLabel(kind)).toMatch(/^[A-Z]/)
    }
  })

  test('fields are named as readers know them', () =>
    expect([fieldLabel('status_since'), fieldLabel('title_ar'), fieldLabel('title')]).toEqual([
      'status since',
      'title (ar)',
      'title',
    ]))
})

describe('the CSV of the history', () => {
  const change = {
    id: 4,
    recorded_at: '2026-11-23T12:00:00.000Z',
    actor: 'Ada',
    kind: 'status_changed' as const,
    reference: 'RUS-SYR-2019-1',
    agreement_title: 'T',
    subject: 'agreement:1',
    version: 2,
    before: { status: 'active', means: null },
    after: { status: 'annulled', means: 'terminated', effective_on: '2025-01', sources: ['S1', 'S2'] },
    reason: '=cmd',
    hash: 'h',
  }

  test('has one row for each field', () => {
    expect(CHANGE_CSV_HEADING).toBe(
      'change,recorded_at,actor,kind,agreement,version,field,before,after,effective_on,reason,sources,hash\r\n',
    )
    expect(changeCsv(change)).toBe(
      `4,2026-11-23T12:00:00.000Z,Ada,status_changed,RUS-SYR-2019-1,2,status,active,annulled,2025-01,'=cmd,S1; S2,h\r\n` +
        `4,2026-11-23T12:00:00.000Z,Ada,status_changed,RUS-SYR-2019-1,2,means,,terminated,2025-01,'=cmd,S1; S2,h\r\n`,
    )
  })

  test('has one row for a change that touched no field', () => {
    expect(changeCsv({ ...change, before: null, after: null })).toBe(
      `4,2026-11-23T12:00:00.000Z,Ada,status_changed,RUS-SYR-2019-1,2,,,,,'=cmd,,h\r\n`,
    )
  })
})
