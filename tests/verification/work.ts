import { changeRole, setDisabled } from '../../src/accounts/commands.ts'
import { statusForm } from '../support/forms.ts'
import type { TestApp } from '../support/test-app.ts'

/** One of everything that changes a register, at the agreement of the naval facility at Tartus. */
export async function work(app: TestApp, { reference, id }: { reference: string; id: number }): Promise<void> {
  const { clock, context } = app
  const analyst = await app.logIn('analyst')
  const send = (path: string, form: Record<string, string | string[]>) => {
    clock.set(new Date(clock.now().getTime() + 60_000).toISOString())
    return analyst.post(path).type('form').send(form).expect(303)
  }
  const newest = async (subject: string) => {
    const { id } = await context.db.read
      .selectFrom('changes')
      .select('id')
      .where('subject', '=', subject)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    return String(id)
  }
  await send(
    `/agreements/${reference}/status`,
    statusForm({
      status: 'reassigned',
      means: 'assigned',
      effective_on: '2026-11-20',
      version: '3',
      source_url: 'https://example.org/naval',
      asserted_by: 'A spokesman',
      new_party_name: 'A new port company',
      new_party_type: 'company',
      new_party_country: 'SY',
    }),
  )
  await send(`/agreements/${reference}/edit`, {
    version: '4',
    lead: 'Ada',
    title: 'Another title',
    kind: 'treaty',
    reason: 'x',
  })
  const edit = await newest(`agreement:${id}`)
  await send(`/agreements/${reference}/history/${edit}/revert`, { version: '5', reason: 'A slip.' })
  const position = await context.db.read
    .selectFrom('positions')
    .select('id')
    .where('agreement_id', '=', id)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const said = await context.db.read
    .selectFrom('position_claims')
    .select('claim_id')
    .where('position_id', '=', position.id)
    .executeTakeFirstOrThrow()
  await send(`/agreements/${reference}/positions/${position.id}/correct`, {
    status: 'reassigned',
    means: 'novated',
    effective_on: '2026-11-19',
    reason: 'The day was wrong.',
    claim: String(said.claim_id),
    version: '6',
  })
  const claim = await context.db.read
    .selectFrom('claims')
    .select('id')
    .where('asserted_by', 'like', 'Dmitry Trifonov%')
    .executeTakeFirstOrThrow()
  const seen = await newest(`claim:${claim.id}`)
  await send(`/claims/${claim.id}/settle`, { agreement: 'RUS-SYR-2019-1', reason: 'Weighed.', seen })
  await send(`/claims/${claim.id}/withdraw`, { reason: 'Not said.', seen: await newest(`claim:${claim.id}`) })
  await send('/sources/1/edit', {
    source_title: 'The treaty',
    source_published_on: '1981',
    source_reliability: 'B',
    seen: await newest('source:1'),
  })
  const [one, other] = await context.db.read
    .selectFrom('claims')
    .innerJoin('claim_agreements', 'claim_id', 'claims.id')
    .innerJoin('agreements', 'agreements.id', 'agreement_id')
    .select(['claims.id', 'agreement_id'])
    .where('reference', '=', 'RUS-SYR-2019-1')
    .where('stance', '=', 'asserts')
    .where('claims.status', '=', 'annulled')
    .where('withdrawn_at', 'is', null)
    .orderBy('claims.id')
    .execute()
  if (!one || !other) throw new Error('two claims have to say the same')
  const decide = async (claim: number, verb: string, more: Record<string, string> = {}) =>
    send(`/claims/${claim}/${verb}`, { reason: 'Weighed again.', seen: await newest(`claim:${claim}`), ...more })
  await decide(other.id, 'tie', { repeats: String(one.id) })
  await decide(other.id, 'untie')
  await decide(other.id, 'tie', { repeats: String(one.id) })
  await decide(one.id, 'settle', { agreement: 'RUS-SYR-2019-1' })
  await decide(one.id, 'reopen', { agreement: 'RUS-SYR-2019-1' })
  await send('/parties/russian-federation/names', { name: 'Rossiya', lang: 'en' })
  await send('/places/tartus-commercial-port/names', { name: 'Tartous', lang: 'fr' })
  const { id: colleague } = await app.addUser('reader', 'A colleague')
  const admin = await app.addUser('admin')
  await changeRole(context, admin, colleague, 'analyst')
  await setDisabled(context, admin, colleague, true)
}
