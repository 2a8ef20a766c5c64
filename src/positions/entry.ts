import { z } from 'zod'
import { decidedOn, holding, listOf, recordedId, yesOrNo } from '../forms/entry.ts'
import { line, optionalDate, optionalLine, optionalWord, requiredText, word } from '../forms/fields.ts'
import { addIssue, type Issues } from '../forms/issues.ts'
import { readCountry, readPartyType, refuseForeignMeans } from '../forms/words.ts'
import { isNamed, newSource, type NewSource } from '../sources/entry.ts'
import { MEANS, STATUSES } from '../words/status.ts'

/** Where an agreement stands from a day on, each value by itself. */
export const positionFields = {
  status: word(STATUSES, 'a status'),
  means: optionalWord(MEANS, 'a means'),
  effective_on: optionalDate,
}

export const changeReason = requiredText('Say why, in a sentence that will still be understood in ten years')
export const correctionReason = requiredText('Say what was wrong, and how it is known')

const decided = {
  ...positionFields,
  /** Ids of claims about this agreement on which it rests. */
  claims: listOf(recordedId('a claim')).default([]),
  /** A source that is entered with it. */
  source: newSource.nullable().default(null),
  /** The version that it was decided on. */
  version: decidedOn,
  /** A day that is asked about was confirmed: one in the future, or one before the position in effect. */
  confirmed: yesOrNo,
}

const newParty = holding({ name: line('Name the new party'), type: optionalLine, country: optionalLine })

/** A change of status as an analyst decides it. */
export const statusChange = holding({
  ...decided,
  reason: changeReason,
  /** What this person says in the source is recorded as a claim. */
  asserted_by: optionalLine,
  /** Who takes over, or the reference of the agreement that does. */
  new_party: newParty.nullable().default(null),
  taken_over_by: optionalLine,
}).transform(({ source, new_party, ...change }, context) => {
  const effective_on = readDay(change, context)
  if (change.status !== 'reassigned' && (new_party !== null || change.taken_over_by !== null)) {
    const at = new_party !== null ? 'new_party' : 'taken_over_by'
    addIssue(context, at, 'Belongs to Reassigned only: leave it empty, or choose Reassigned')
  }
  return {
    ...change,
    effective_on,
    source: readSource(source, change.asserted_by !== null, context),
    new_party: new_party && {
      name: new_party.name,
      type: readPartyType(new_party.type, ['new_party', 'type'], context),
      country: readCountry(new_party.country, ['new_party', 'country'], context),
    },
  }
})

/** What a position should have said, and why. */
export const correction = holding({ ...decided, reason: correctionReason }).transform(
  ({ source, ...corrected }, context) => {
    const effective_on = readDay(corrected, context)
    return { ...corrected, effective_on, source: readSource(source, false, context) }
  },
)

export type StatusChange = z.output<typeof statusChange>
export type Correction = z.output<typeof correction>

function readDay({ status, means, effective_on }: z.output<z.ZodObject<typeof positionFields>>, context: Issues) {
  refuseForeignMeans(status, means, context)
  if (effective_on === null) addIssue(context, 'effective_on', 'Give the day since which it is so')
  return effective_on ?? z.NEVER
}

/** The source that came with a decision; somebody's words are in one. */
function readSource(source: NewSource | null, isQuoted: boolean, context: Issues): NewSource | null {
  const isMissing = source === null ? isQuoted : !isNamed(source)
  if (isMissing) addIssue(context, ['source', 'title'], 'Give the source’s title, publisher or address')
  return source
}
