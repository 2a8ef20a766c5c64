import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from '../support/test-app.ts'
import { alike, listed, pageOf, rowsAlike, stood } from './ask.ts'
import { entriesOf } from './changes.ts'
import { claimsAbout, settledAbout, shownOnClaimPage } from './claims.ts'
import { plain, section, textOf } from './page.ts'
import { correctionsOf, positionsOf } from './positions.ts'
import { BASE, PORT } from './references.ts'
import { startTartusStory } from './story.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTartusStory()
})
afterAll(() => app.stop())

describe('the naval base of Tartus, which is another agreement', () => {
  test('Which agreement is easily confused with the port contract?', async () => {
    const page = await pageOf(app, `/agreements/${PORT}`)
    const [entered] = await entriesOf(app, `/agreements/${PORT}/history.csv`, { kind: 'agreement_created' })
    expect(plain(/<p class="notice notice-warning">([\s\S]*?)<\/p>/.exec(page)?.[1] ?? '')).toMatch(
      new RegExp(
        `^Easily confused with ${BASE} , Agreement between the Russian Federation and the Syrian Arab Republic`,
      ),
    )
    expect(entered?.after['relations']).toBe(`easily_confused_with ${BASE}`)
    // Exports carry no relations: the command line answers with the other agreement at the same place.
    expect((await listed(app, { place: 'Tartus', known_at: '2025-01-20' })).commandLine).toEqual([
      `${PORT} active, in_force, from 2019`,
      `${BASE} active, in_force, from 2017-12-21`,
    ])
  })

  test('What did the confused reports say of the base, and what was seen to be wrong with them?', async () => {
    await Promise.all([
      expect(claimsAbout(app, BASE, { known_at: '2025-01-23' })).resolves.toEqual(
        alike([
          '2025-01-22 The Maritime Executive, as excerpted by Geopolitics Pulse asserts annulled, Geopolitics Pulse',
          'unknown Shaam (Syrian outlet), citing the ministry of information, as relayed in English asserts annulled, Trilogue News (copy of an agency-style report)',
        ]),
      ),
      expect(settledAbout(app, BASE)).resolves.toEqual(
        alike([
          'Shaam (Syrian outlet), citing the ministry of information, as relayed in English: The page itself names STG-ENGINEERING.',
          'The Maritime Executive, as excerpted by Geopolitics Pulse: It means the commercial port.',
        ]),
      ),
    ])
  })

  test('What did the register say of the base at noon on 23 January 2025, after the correction, and when all was weighed?', async () => {
    const at = (known_at: string) => stood(app, BASE, { known_at })
    await Promise.all([
      expect(at('2025-01-23T12:00:00Z')).resolves.toEqual(alike(`${BASE} annulled, terminated, from 2025-01`)),
      expect(at('2025-01-24')).resolves.toEqual(alike(`${BASE} active, in_force, from 2017-12-21, contested`)),
      expect(at('2025-01-27')).resolves.toEqual(alike(`${BASE} active, in_force, from 2017-12-21`)),
    ])
  })

  test('What did the page of a confused claim show on the evening of 23 January 2025?', async () => {
    const said = {
      about: BASE,
      speaker: 'The Maritime Executive, as excerpted by Geopolitics Pulse',
      publication: 'Geopolitics Pulse',
    }
    await Promise.all([
      expect(shownOnClaimPage(app, said, { known_at: '2025-01-23' })).resolves.toEqual({
        stood: [`${BASE} annulled`],
        carries: `${BASE} Annulled from Jan 2025`,
      }),
      expect(stood(app, BASE, { known_at: '2025-01-23' })).resolves.toEqual(
        alike(`${BASE} annulled, terminated, from 2025-01`),
      ),
    ])
  })

  test('Who put the error right, when, and why?', async () => {
    const changes = await entriesOf(app, `/agreements/${BASE}/history.csv`, { kind: 'status_changed' })
    const wrong = changes.find(({ actor }) => actor === 'Ben')
    expect(wrong).toMatchObject({ recorded_at: '2025-01-23T08:30:00.000Z', after: { status: 'annulled' } })
    expect(await correctionsOf(app, BASE)).toEqual(
      alike([
        `change ${wrong?.change} corrected 2025-01-24 09:00 by Ada: The reports mean the commercial port: the base next door is another agreement.`,
      ]),
    )
  })

  test('Which positions did the register hold on the base in the confusion, and which does it hold now?', async () => {
    const first = 'active, in_force, from 2017-12-21, recorded 2024-11-18 09:00 by Ada'
    await Promise.all([
      expect(positionsOf(app, BASE, { known_at: '2025-01-23' })).resolves.toEqual(
        alike([first, 'annulled, terminated, from 2025-01, recorded 2025-01-23 08:30 by Ben']),
      ),
      expect(positionsOf(app, BASE)).resolves.toEqual(
        alike([
          first,
          'active, in_force, from 2017-12-21, recorded 2025-01-24 09:00 by Ada',
          'under_review, joint_review, from 2025-07-31, recorded 2025-08-01 09:00 by Ada',
        ]),
      ),
    ])
  })

  test('Is the agreement on the naval base in force?', async () => {
    await Promise.all([
      expect(stood(app, BASE, { as_of: '2025-01-23' })).resolves.toEqual(
        alike(`${BASE} active, in_force, from 2017-12-21`),
      ),
      expect(stood(app, BASE, { as_of: '2025-07-30' })).resolves.toEqual(
        alike(`${BASE} active, in_force, from 2017-12-21`),
      ),
      expect(stood(app, BASE)).resolves.toEqual(alike(`${BASE} under_review, joint_review, from 2025-07-31`)),
    ])
  })

  test('Does anything that is known today speak against the register on the base?', async () => {
    const [page, { csv, commandLine }] = await Promise.all([
      pageOf(app, `/agreements/${BASE}`),
      rowsAlike(app, { q: BASE }),
    ])
    expect([...csv, ...commandLine].map(({ contested }) => contested)).toEqual(['no', 'no'])
    expect(textOf(section(page, 'evidence'), 'quiet')).toBe('6 claims, 6 statements')
    const picture = plain(/<svg[^>]*class="picture timeline"[^>]*><title[^>]*>([^<]*)</.exec(page)?.[1] ?? '')
    expect(picture).toContain('6 claims')
    expect(picture).not.toContain('against the register')
  })
})
