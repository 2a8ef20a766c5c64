import type { Analysts } from './analyst.ts'
import { agreementFacts, claimFacts, sourceFacts } from './facts.ts'
import {
  BASE,
  BASE_KEY,
  CONCESSION,
  CONCESSION_KEY,
  ECONOMY,
  FERTILISER,
  LATAKIA,
  MEMORANDUM,
  PORT,
  PORT_KEY,
  SECURITY,
} from './references.ts'

const LATAKIA_CONTRACT =
  'https://today.lorientlejour.com/article/1458352/syria-signs-contract-with-cma-cgm-to-operate-latakia-port-for-30-years.html'

/** May and June 2025: new contracts for both ports, and the government says it again. */
export async function successors({ ada, ben }: Analysts): Promise<void> {
  const contract = await ada('2025-05-02T09:00:00.000Z')
  await contract.enter(
    agreementFacts('fr-sy-2025-latakia-concession', { relation_kind: 'replaces', relation_reference: LATAKIA }),
  )
  await contract.changeStatus(LATAKIA, {
    status: 'annulled',
    means: 'superseded',
    effective_on: '2025-05-01',
    reason: 'A new contract takes its place.',
    ...sourceFacts(LATAKIA_CONTRACT),
  })

  const memorandum = await ben('2025-05-17T09:00:00.000Z')
  await memorandum.enter(agreementFacts('ae-sy-2025-tartus-mou'))
  await memorandum.recordClaim(MEMORANDUM, claimFacts('ae-sy-2025-tartus-mou', 'SANA', 'LBC Group'))

  const interfax = await ben('2025-06-21T09:00:00.000Z')
  await interfax.recordClaim(BASE, claimFacts(BASE_KEY, 'Syrian authorities', 'Interfax'))

  const again = await ada('2025-06-30T09:00:00.000Z')
  await again.recordClaim(PORT, claimFacts(PORT_KEY, 'Syrian government', 'Hashtag Syria'))
}

/** July 2025: another operator has the port. */
export async function reassignment({ ada, ben }: Analysts): Promise<void> {
  const concession = await ben('2025-07-14T09:00:00.000Z')
  await concession.enter(agreementFacts(CONCESSION_KEY, { relation_kind: 'follows', relation_reference: MEMORANDUM }))
  await concession.recordClaim(CONCESSION, claimFacts(CONCESSION_KEY, 'DP World (company', 'PortNews'))

  const handed = await ada('2025-07-15T09:00:00.000Z')
  await handed.recordClaim(PORT, claimFacts(PORT_KEY, 'DP World and', 'Arabian Post'))
  await handed.changeStatus(
    PORT,
    {
      status: 'reassigned',
      means: 're_awarded',
      effective_on: '2025-07-13',
      reason: 'The port is conceded to DP World.',
      taken_over_by: CONCESSION,
    },
    ['DP World and'],
  )
  const { title, kind, summary } = agreementFacts(PORT_KEY)
  await handed.edit(PORT, {
    title: String(title),
    kind: String(kind),
    summary: String(summary),
    reason: 'How it ended.',
  })
}

/** August 2025: what the two foreign ministers agreed on 31 July is one claim about all that still stand. */
export async function review({ ada, ben }: Analysts): Promise<void> {
  const lavrov = await ada('2025-08-01T09:00:00.000Z')
  const standing = 'country=RU&country=SY&status=active&status=under_review'
  await lavrov.recordClaimAboutAll(
    standing,
    [...SECURITY, ...ECONOMY, FERTILISER],
    claimFacts(BASE_KEY, 'Sergey Lavrov', 'Caliber.Az', { said_on: '2025-07-31' }),
  )
  const opened = {
    status: 'under_review',
    means: 'joint_review',
    effective_on: '2025-07-31',
    reason: 'Both sides review what was signed under other circumstances.',
  }
  for (const reference of SECURITY) await lavrov.changeStatus(reference, opened, ['Sergey Lavrov'])
  const later = await ben('2025-08-04T09:00:00.000Z')
  for (const reference of ECONOMY) await later.changeStatus(reference, opened, ['Sergey Lavrov'])
}

/** October and November 2025: old deals are to be respected, and the new operator begins. */
export async function handover({ ada, ben }: Analysts): Promise<void> {
  const kremlin = await ben('2025-10-16T09:00:00.000Z')
  await kremlin.recordClaimAboutAll(
    'country=RU&country=SY&status=under_review&sector=defence&sector=foreign+policy+and+defence',
    SECURITY,
    claimFacts(BASE_KEY, 'Ahmed al-Sharaa', 'Dawn', { said_on: '2025-10-15' }),
  )
  const begun = await ada('2025-11-14T09:00:00.000Z')
  await begun.recordClaim(PORT, claimFacts(PORT_KEY, 'DP World', 'The National'))
  await begun.recordClaim(CONCESSION, claimFacts(CONCESSION_KEY, 'DP World', 'Baird Maritime'))
  await begun.changeStatus(
    CONCESSION,
    { status: 'active', means: 'in_force', effective_on: '2025-11-12', reason: 'The port is handed over.' },
    ['DP World says'],
  )
}
