import type { Analysts } from './analyst.ts'
import { agreementFacts, claimFacts, otherNames } from './facts.ts'
import {
  BASE,
  BASE_KEY,
  FERTILISER,
  FERTILISER_KEY,
  FIRST_SUMMARY,
  LATAKIA,
  LATAKIA_KEY,
  PORT,
  PORT_KEY,
} from './references.ts'

/** November 2024: what stood before the government fell. */
export async function beforeTheNews({ ada, ben }: Analysts): Promise<void> {
  const first = await ada('2024-11-18T09:00:00.000Z')
  for (const key of [
    'su-sy-1980-friendship-treaty',
    'ru-sy-2015-hmeimim-airbase',
    'ru-sy-2017-hmeimim-protocol',
    BASE_KEY,
    FERTILISER_KEY,
    'ru-sy-2020-hmeimim-protocol-1',
    'ru-sy-2018-phosphate-sharqiya',
  ])
    await first.enter(agreementFacts(key))
  const confused = { relation_kind: 'easily_confused_with', relation_reference: BASE }
  await first.enter(agreementFacts(PORT_KEY, { summary: FIRST_SUMMARY, ...confused }))
  for (const key of ['ru-sy-2019-mercury', 'ru-sy-2019-velada', 'ru-sy-2021-capital-block1', LATAKIA_KEY])
    await first.enter(agreementFacts(key))
  for (const place of ['tartus-commercial-port', 'tartus-naval-facility'])
    await first.addPlaceNames(place, otherNames(place))

  const second = await ben('2024-11-19T09:00:00.000Z')
  await second.recordClaim(FERTILISER, claimFacts(FERTILISER_KEY, 'Hussein Arnous', 'The Syrian Observer'))
  await second.changeStatus(
    FERTILISER,
    {
      status: 'under_review',
      means: 'unilateral_review',
      effective_on: '2023-12',
      reason: 'The Syrian prime minister speaks of a review.',
    },
    ['Hussein Arnous'],
  )
}

/** January 2025: the news, the confusion with the base next door, and the correction. */
export async function annulment({ ada, ben }: Analysts): Promise<void> {
  const shaam = await ada('2025-01-22T09:00:00.000Z')
  await shaam.recordClaim(PORT, claimFacts(PORT_KEY, 'Sources in the Syrian Ministry', 'Shaam'))

  const confused = await ben('2025-01-23T08:30:00.000Z')
  await confused.recordClaim(BASE, claimFacts(BASE_KEY, 'The Maritime Executive', 'Geopolitics Pulse', { note: '' }))
  await confused.recordClaim(BASE, claimFacts(BASE_KEY, 'Shaam (Syrian outlet)', 'Trilogue News', { note: '' }))
  await confused.changeStatus(
    BASE,
    { status: 'annulled', means: 'terminated', effective_on: '2025-01', reason: 'The lease at Tartus is cancelled.' },
    ['The Maritime Executive', 'Shaam (Syrian outlet)'],
  )

  const customs = await ada('2025-01-23T10:00:00.000Z')
  await customs.recordClaim(PORT, claimFacts(PORT_KEY, 'Riad Joudy', '1lurer.am'))
  await customs.changeStatus(
    PORT,
    { status: 'annulled', means: 'terminated', effective_on: '2025-01', reason: 'The head of the customs says so.' },
    ['Sources in the Syrian Ministry', 'Riad Joudy'],
  )

  const corrected = await ada('2025-01-24T09:00:00.000Z')
  await corrected.recordClaim(BASE, claimFacts(BASE_KEY, 'The Times of Israel', 'The Times of Israel'))
  await corrected.correctPosition(
    BASE,
    {
      status: 'active',
      means: 'in_force',
      effective_on: '2017-12-21',
      reason: 'The reports mean the commercial port: the base next door is another agreement.',
    },
    ['The Times of Israel'],
  )
  const settled = await ada('2025-01-27T09:00:00.000Z')
  await settled.settle(BASE, 'The Maritime Executive', 'It means the commercial port.')
  await settled.settle(BASE, 'Shaam (Syrian outlet)', 'The page itself names STG-ENGINEERING.')
  await settled.recordClaim(PORT, claimFacts(PORT_KEY, 'A Russian official', 'Arab Khabar'))
}

/** February and March 2025: Latakia is negotiated anew, and the company denies. */
export async function denial({ ada, ben }: Analysts): Promise<void> {
  const latakia = await ada('2025-02-06T09:00:00.000Z')
  await latakia.recordClaim(LATAKIA, claimFacts(LATAKIA_KEY, 'General Authority', 'Devdiscourse'))
  const opened = {
    status: 'under_review',
    means: 'renegotiation',
    effective_on: '2025-02-05',
    reason: 'It is discussed.',
  }
  await latakia.changeStatus(LATAKIA, opened, ['General Authority'])

  const company = await ben('2025-03-02T09:00:00.000Z')
  await company.recordClaim(
    PORT,
    claimFacts(PORT_KEY, 'Dmitry Trifonov', 'gCaptain', { said_on: '2025-02-28', effective_on: '' }),
  )
}
