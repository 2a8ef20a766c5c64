import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from '../support/test-app.ts'
import { alike, csvOf, listed, pageOf, stood } from './ask.ts'
import { claimsAbout, coveredBy, learnt, shownOnClaimPage } from './claims.ts'
import { command } from './command-line.ts'
import { textOf } from './page.ts'
import { positionsOf, restsOn } from './positions.ts'
import { BASE, ECONOMY, FERTILISER, PORT, SECURITY } from './references.ts'
import { startTartusStory } from './story.ts'

const SHAAM = '2025-01-21 Sources in the Syrian Ministry of Information asserts annulled, Shaam'
const CUSTOMS = '2025-01-22 Riad Joudy, head of Tartus customs, to Al-Watan asserts annulled, 1lurer.am (TASS)'
const OFFICIAL = '2025-01-25 A Russian official, to TASS, as relayed in Arabic asserts annulled, Arab Khabar'
const DENIAL = '2025-02-28 Dmitry Trifonov, CEO of STG Engineering, to Reuters denies annulled, gCaptain (Reuters)'
const AGAIN =
  '2025-06-28 Syrian government (statement by the prime minister’s office, as reported) asserts annulled, Hashtag Syria'

const LAVROV = { about: BASE, speaker: 'Sergey Lavrov, Foreign Minister of Russia', publication: 'Caliber.Az' }
const SHARAA = {
  about: BASE,
  speaker: 'Ahmed al-Sharaa, President of Syria (transitional)',
  publication: 'Dawn (Reuters)',
}

let app: TestApp
beforeAll(async () => {
  app = await startTartusStory()
})
afterAll(() => app.stop())

describe('who said what about Tartus', () => {
  test('Who denied the annulment, when, and in which publication?', async () => {
    const { page, csv, commandLine } = await claimsAbout(app, PORT)
    const denying = (lines: string[]) => lines.filter((line) => line.includes(' denies '))
    expect({ page: denying(page), csv: denying(csv), commandLine: denying(commandLine) }).toEqual(alike([DENIAL]))
  })

  test('When did the register learn of the denial?', async () => {
    const speaker = 'Dmitry Trifonov, CEO of STG Engineering, to Reuters'
    expect(await learnt(app, PORT, speaker)).toEqual(alike('2025-03-02 09:00'))
  })

  test('What had been said of the port by 20 January 2025, by the 23rd, by 1 March, by 30 June?', async () => {
    await Promise.all([
      expect(claimsAbout(app, PORT, { known_at: '2025-01-20' })).resolves.toEqual(alike([])),
      expect(claimsAbout(app, PORT, { known_at: '2025-01-23' })).resolves.toEqual(alike([SHAAM, CUSTOMS])),
      expect(claimsAbout(app, PORT, { known_at: '2025-03-01' })).resolves.toEqual(alike([SHAAM, CUSTOMS, OFFICIAL])),
      expect(claimsAbout(app, PORT, { known_at: '2025-06-30' })).resolves.toEqual(
        alike([SHAAM, CUSTOMS, OFFICIAL, DENIAL, AGAIN]),
      ),
    ])
  })

  test('On whose words does the annulment rest, and on whose the reassignment?', async () => {
    await Promise.all([
      expect(restsOn(app, PORT, '2025-02-01')).resolves.toEqual(
        alike(['Sources in the Syrian Ministry of Information', 'Riad Joudy, head of Tartus customs, to Al-Watan']),
      ),
      expect(restsOn(app, PORT, '2025-08-01')).resolves.toEqual(
        alike(['DP World and Syria’s General Authority for Land and Sea Ports']),
      ),
    ])
  })

  test('Did the second annulment of June 2025 make another position?', async () => {
    expect(await positionsOf(app, PORT, { known_at: '2025-06-30' })).toEqual(
      alike([
        'active, in_force, from 2019, recorded 2024-11-18 09:00 by Ada',
        'annulled, terminated, from 2025-01, recorded 2025-01-23 10:00 by Ada',
      ]),
    )
  })

  test('Which agreements did Lavrov’s statement of 31 July 2025 cover, and which did it put under review?', async () => {
    const all = [...SECURITY, ...ECONOMY, FERTILISER].sort()
    expect(await coveredBy(app, LAVROV)).toEqual(alike(all))
    const { page, csv, commandLine } = await listed(app, { means: 'joint_review', as_of: '2025-08-01' })
    const opened = [...SECURITY, ...ECONOMY].sort().map((one) => `${one} under_review, joint_review, from 2025-07-31`)
    expect({ page: page.sort(), csv: csv.sort(), commandLine: commandLine.sort() }).toEqual(alike(opened))
    expect(await stood(app, FERTILISER)).toEqual(alike(`${FERTILISER} under_review, unilateral_review, from 2023-12`))
  })

  test('Which agreements does al-Sharaa’s promise of 15 October 2025 cover, and does it contest their review?', async () => {
    await Promise.all([
      expect(coveredBy(app, SHARAA)).resolves.toEqual(alike([...SECURITY].sort())),
      expect(listed(app, { contested: 'yes', as_of: '2025-10-16' })).resolves.toEqual(alike([])),
    ])
  })

  test('Where did the agreements of Lavrov’s statement stand on 2 August 2025, while reviews were still being opened?', async () => {
    const then = { known_at: '2025-08-02' }
    const { page, csv, commandLine } = await listed(app, { country: ['RU', 'SY'], sort: 'reference', ...then })
    const standings = (lines: string[]) =>
      lines.filter((line) => !line.startsWith(PORT)).map((line) => line.split(',')[0])
    const expected = [
      ...[...SECURITY, FERTILISER].map((one) => `${one} under_review`),
      ...ECONOMY.map((one) => `${one} active`),
    ].sort()
    expect({ page: standings(page), csv: standings(csv), commandLine: standings(commandLine) }).toEqual(alike(expected))
    expect((await shownOnClaimPage(app, LAVROV, then)).stood).toEqual(expected)
  })

  test('What had been said of the port by 1 February 2025, by all that is known today?', async () => {
    expect(await claimsAbout(app, PORT, { as_of: '2025-02-01' })).toEqual(alike([SHAAM, CUSTOMS, OFFICIAL]))
  })

  test('Is the history whole, and which hash vouches for it?', async () => {
    const [page, [newest], verified] = await Promise.all([
      pageOf(app, '/changes'),
      csvOf(app, '/changes.csv'),
      command(app, ['verify']),
    ])
    const { change, hash } = newest ?? {}
    expect(textOf(page, 'chain-head')).toMatch(`Head of the chain: change ${change}, ${hash} `)
    expect(verified).toMatch(`${change} changes, 15 agreements, `)
    expect(verified).toMatch(`Head of the chain: ${hash}\n`)
  })
})
