import { Router } from 'express'
import { requireRole } from '../accounts/current-user.ts'
import { AppError } from '../errors.ts'
import { BLANK, type Filled, texts, type Typed } from '../forms/typed.ts'
import { listChangesOf } from '../history/queries.ts'
import { type Moment, NOW } from '../time/moment.ts'
import { onlyMoment, requireNow } from '../web/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { addSource, editSource, findSourceByAddress } from './commands.ts'
import { parseSourceFilter } from './filter.ts'
import { findSource } from './find.ts'
import { sourceEditForm, sourceForm } from './form.ts'
import { editSourcePage, MOST_PUBLISHERS, newSourcePage, sourcePage, sourcesPage } from './page.ts'
import { listPublishers, listSources } from './queries.ts'

/** What was read: the list of sources, and what rests on each. */
export function sourceRoutes(on: On): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/sources', on(showSources))
  routes.get('/sources/new', analyst, requireNow, on(showNew))
  routes.post('/sources', analyst, on(submitNew))
  routes.get('/sources/:id', on(showSource))
  routes.get('/sources/:id/edit', analyst, requireNow, on(showEdit))
  routes.post('/sources/:id/edit', analyst, on(submitEdit))
  return routes
}

async function showSources(visit: Visit): Promise<void> {
  const { moment } = visit
  const { db, answers } = visit.context
  const filter = parseSourceFilter(visit.query)
  const props = await answers.remember(`sources ${JSON.stringify({ filter, moment })}`, async () =>
    sourcesPage(filter, await listSources(db.read, filter, moment), await listPublishers(db.read, MOST_PUBLISHERS)),
  )
  visit.page('sources/index', { ...props, moment })
}

async function showNew(visit: Visit, filled: Filled = BLANK, status = 200): Promise<void> {
  const known = await knownSource(visit, filled.typed)
  visit.page('sources/new', await newSourcePage(visit.context.db.read, filled, known), status)
}

async function submitNew(visit: Visit): Promise<void> {
  const { context, actor } = visit
  await submit(visit, sourceForm, {
    work: (source) => addSource(context, actor, source),
    done: (id) => ({ to: `/sources/${id}`, said: `Source ${id} is recorded.` }),
    again: (filled, status) => showNew(visit, filled, status),
  })
}

/** The source that has the typed address already, to offer it. */
async function knownSource({ context: { db } }: Visit, typed: Typed): Promise<number | null> {
  const [address = ''] = texts(typed, 'source_url')
  return address === '' ? null : ((await findSourceByAddress(db.read, address.trim()))?.id ?? null)
}

async function showSource(visit: Visit): Promise<void> {
  const moment = onlyMoment(visit)
  const found = await foundSource(visit, moment)
  const changes = await listChangesOf(visit.context.db.read, `source:${found.source.id}`, {
    moment,
    names: visit.names,
  })
  visit.page('sources/show', { ...sourcePage(found, changes), moment })
}

async function showEdit(visit: Visit, filled?: Filled, status = 200): Promise<void> {
  const { db } = visit.context
  const { source } = await foundSource(visit, NOW)
  const changes = await listChangesOf(db.read, `source:${source.id}`, { moment: NOW, names: visit.names })
  visit.page('sources/edit', await editSourcePage(db.read, source, changes, filled), status)
}

async function submitEdit(visit: Visit): Promise<void> {
  const { context, actor } = visit
  const { source } = await foundSource(visit, NOW)
  await submit(visit, sourceEditForm, {
    work: (edit) => editSource(context, actor, source.id, edit),
    done: (isEdited) => ({
      to: `/sources/${source.id}`,
      said: isEdited ? 'The source is edited.' : 'Nothing was different: nothing is recorded.',
    }),
    again: (filled, status) => showEdit(visit, filled, status),
  })
}

async function foundSource(visit: Visit, moment: Moment) {
  const found = await findSource(visit.context.db.read, visit.number('id'), moment, visit.today)
  if (!found) throw new AppError('not_found', `There is no source ${visit.part('id').slice(0, 40)}: see /sources.`)
  return found
}
