import { z } from 'zod'
import { parseQuery } from '../forms/query.ts'
import { RELIABILITIES } from '../words/source.ts'
import { STANCES, type Stance } from '../words/claim.ts'

/** Which claims an evidence table shows. */
export interface EvidenceFilter {
  stance: Stance | null
  /** At least as good as this: `B`, `2` or `B2`; what is not graded in it is left out. */
  grade: string | null
}

const schema = z.strictObject({
  stance: z.enum(STANCES, { error: `is not a stance: give ${STANCES.join(', ')}` }).optional(),
  grade: z
    .string({ error: 'may be given once only' })
    .regex(
      /^(?=.)[A-F]?[1-6]?$/,
      'is not a grade: give a letter from A to F, a figure from 1 to 6, or both, such as B2',
    )
    .optional(),
})

/** @throws AppError `bad_request` naming every wrong or unknown parameter. */
export function parseEvidenceFilter(query: Record<string, unknown>): EvidenceFilter {
  const { stance, grade } = parseQuery(schema, query)
  return { stance: stance ?? null, grade: grade ?? null }
}

/** Whether a claim passes a filter. */
export function passes(
  filter: EvidenceFilter,
  claim: { stance: Stance; reliability: string | null; credibility: number | null },
): boolean {
  if (filter.stance !== null && claim.stance !== filter.stance) return false
  const letter = RELIABILITIES.find((one) => filter.grade?.startsWith(one))
  const figure = Number(/\d/.exec(filter.grade ?? '')?.[0] ?? 0)
  if (letter !== undefined && (claim.reliability === null || claim.reliability > letter)) return false
  return figure === 0 || (claim.credibility !== null && claim.credibility <= figure)
}
