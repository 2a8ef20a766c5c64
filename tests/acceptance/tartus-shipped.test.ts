import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { alike, counted, listed, pageOf, stood, storyOf } from './ask.ts'
import { claimsAbout, coveredBy } from './claims.ts'
import { compared } from './comparison.ts'
import { BASE, CONCESSION, ECONOMY, FERTILISER, LATAKIA, MEMORANDUM, PORT, SECURITY } from './references.ts'
import { correctionsOf, restsOn } from './positions.ts'

/** The intergovernmental commission, whose review began on the same day. */
const COMMISSION = 'RUS-SYR-ND-2'

const HMEIMIM = 'RUS-SYR-2015-1'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ seeds: true, env: { CLAUSULA_BASE_URL: 'http://register.example' } })
})
afterAll(() => app.stop())

describe('the Tartus case in the register that is shipped, entered at once', () => {
  test('What stood of the port contract on 1 February 2025, on 1 August 2025, and stands today?', async () => {
    const reassigned = alike(`${PORT} reassigned, re_awarded, from 2025-07-13`)
    await Promise.all([
      expect(stood(app, PORT, { as_of: '2025-02-01' })).resolves.toEqual(
        alike(`${PORT} annulled, terminated, from 2025-01`),
      ),
      expect(stood(app, PORT, { as_of: '2025-08-01' })).resolves.toEqual(reassigned),
      expect(stood(app, PORT)).resolves.toEqual(reassigned),
    ])
  })

  test('From when was the annulment contested, and until when?', async () => {
    const uncontested = alike(`${PORT} annulled, terminated, from 2025-01`)
    const contested = alike(`${PORT} annulled, terminated, from 2025-01, contested`)
    await Promise.all([
      expect(stood(app, PORT, { as_of: '2025-02-28' })).resolves.toEqual(uncontested),
      expect(stood(app, PORT, { as_of: '2025-03-01' })).resolves.toEqual(contested),
      expect(stood(app, PORT, { as_of: '2025-07-12' })).resolves.toEqual(contested),
    ])
  })

  test('Does what Lavrov denied in December 2024 contest the review of Hmeimim that began in July 2025?', async () => {
    const at = (as_of: string) => stood(app, HMEIMIM, { as_of })
    const { page, csv, commandLine } = await claimsAbout(app, HMEIMIM, { as_of: '2025-08-01' })
    const denying = (lines: string[]) => lines.filter((line) => line.includes(' denies under_review'))
    const denied = '2024-12-29 Sergey Lavrov, Foreign Minister of Russia denies under_review, '
    await Promise.all([
      expect(at('2025-01-01')).resolves.toEqual(alike(`${HMEIMIM} active, in_force, from 2015-08-26`)),
      // Since then the Syrian minister of defence speaks of a review.
      expect(at('2025-02-07')).resolves.toEqual(alike(`${HMEIMIM} active, in_force, from 2015-08-26, contested`)),
      expect(at('2025-08-01')).resolves.toEqual(alike(`${HMEIMIM} under_review, joint_review, from 2025-07-31`)),
    ])
    for (const lines of [page, csv, commandLine]) expect(denying(lines)).toEqual([expect.stringContaining(denied)])
  })

  test('Who denied the annulment, and in which publication?', async () => {
    const { page, csv, commandLine } = await claimsAbout(app, PORT)
    const denying = (lines: string[]) => lines.filter((line) => line.includes(' denies '))
    expect({ page: denying(page), csv: denying(csv), commandLine: denying(commandLine) }).toEqual(
      alike(['2025-03-01 Dmitry Trifonov, CEO of STG Engineering, to Reuters denies annulled, gCaptain (Reuters)']),
    )
  })

  test('On whose words does the annulment rest?', async () => {
    expect(await restsOn(app, PORT, '2025-02-01')).toEqual(
      alike([
        'Sources in the Syrian Ministry of Information',
        'Riad Joudy, head of Tartus customs, to Al-Watan',
        'A Russian official, to TASS, as relayed in Arabic',
      ]),
    )
  })

  test('Who has the port now, and what is its story?', async () => {
    const now = `${CONCESSION} active, in_force, from 2025-11-12`
    await Promise.all([
      expect(listed(app, { place: 'tartus-commercial-port', means: 'in_force' })).resolves.toEqual(alike([now])),
      expect(storyOf(app, 'tartus-commercial-port')).resolves.toEqual(
        alike([
          `${PORT} reassigned, re_awarded, from 2025-07-13`,
          `${MEMORANDUM} active, signed_not_in_force, from 2025-05-16`,
          now,
        ]),
      ),
    ])
  })

  test('What stood at Tartus before 2019?', async () => {
    expect(await listed(app, { place: 'Tartus', as_of: '2018-12-31' })).toEqual(
      alike([`${BASE} active, in_force, from 2017-12-21`]),
    )
  })

  test('Is the agreement on the naval base in force, and what do the confused reports do to it?', async () => {
    await Promise.all([
      expect(stood(app, BASE, { as_of: '2024-12-31' })).resolves.toEqual(
        alike(`${BASE} active, in_force, from 2017-12-21`),
      ),
      expect(stood(app, BASE, { as_of: '2025-02-01' })).resolves.toEqual(
        alike(`${BASE} active, in_force, from 2017-12-21, contested`),
      ),
      expect(stood(app, BASE)).resolves.toEqual(alike(`${BASE} under_review, joint_review, from 2025-07-31`)),
      expect(correctionsOf(app, BASE)).resolves.toEqual(alike([])),
    ])
  })

  test('What did Lavrov’s statement of 31 July 2025 cover, and what came under review that day?', async () => {
    const said = { about: BASE, speaker: 'Sergey Lavrov, Foreign Minister of Russia', publication: 'Caliber.Az' }
    expect(await coveredBy(app, said)).toEqual(alike([...SECURITY, ...ECONOMY, FERTILISER].sort()))
    const { page, csv, commandLine } = await listed(app, {
      country: ['RU', 'SY'],
      means: 'joint_review',
      as_of: '2025-07-31',
    })
    const references = (lines: string[]) => lines.map((line) => line.replace(/ .*/, '')).sort()
    expect({ page: references(page), csv: references(csv), commandLine: references(commandLine) }).toEqual(
      alike([...SECURITY, ...ECONOMY, COMMISSION].sort()),
    )
  })

  test('Which agreements changed between 8 December 2024 and 31 July 2025?', async () => {
    const reviewed = [...SECURITY, ...ECONOMY, COMMISSION, 'LBN-SYR-1991-1']
    expect(await compared(app, { from: '2024-12-08', to: '2025-07-31' })).toEqual(
      alike(
        [
          ...reviewed.map((one) => `${one} active, in_force -> under_review, joint_review`),
          `${MEMORANDUM} did not stand -> active, signed_not_in_force`,
          `${CONCESSION} did not stand -> active, signed_not_in_force`,
          `${LATAKIA} active, in_force -> annulled, superseded`,
          `${PORT} active, in_force -> reassigned, re_awarded`,
          'AUS-CHN-2015-1 active, confirmed -> under_review, unilateral_review',
          'FRA-NER-1968-1 active, in_force -> reassigned, nationalised',
          'FRA-SYR-2025-1 did not stand -> active, in_force',
          'QAT-SYR-TUR-USA-2025-1 did not stand -> active, in_force',
          'RUS-SYR-2012-1 active, in_force -> under_review, unilateral_review',
          'RUS-SYR-2025-1 did not stand -> active, in_force',
          'SYR-TUR-2004-1 annulled, lapsed -> under_review, renegotiation',
        ].sort(),
      ),
    )
  })

  test('How many agreements stood in each status on 8 December 2024, and how many on 31 July 2025?', async () => {
    await Promise.all([
      expect(counted(app, { as_of: '2024-12-08' })).resolves.toEqual(
        alike({ active: 26, under_review: 5, annulled: 8, reassigned: 0 }),
      ),
      expect(counted(app, { as_of: '2025-07-31' })).resolves.toEqual(
        alike({ active: 15, under_review: 19, annulled: 8, reassigned: 2 }),
      ),
    ])
  })

  test.each(['طرطوس', 'Тартус', 'Tartous'])('What does a search for %s find on 1 February 2025?', async (q) => {
    expect(await listed(app, { q, as_of: '2025-02-01' })).toEqual(
      alike([`${PORT} annulled, terminated, from 2025-01`, `${BASE} active, in_force, from 2017-12-21, contested`]),
    )
  })

  test('What did this register know before it was loaded?', async () => {
    expect(await listed(app, { known_at: '2025-02-01' })).toEqual(alike([]))
    await expect(pageOf(app, `/agreements/${PORT}`, { known_at: '2025-02-01' })).rejects.toThrow('404')
  })
})
