import { Router } from 'express'
import { requireRole } from '../accounts/current-user.ts'
import { AppError } from '../errors.ts'
import { BLANK, type Filled } from '../forms/typed.ts'
import { listAgreementsOf } from '../standing/mention.ts'
import { onlyMoment } from '../web/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import type { Directory } from './directory.ts'
import { parseDirectoryFilter } from './filter.ts'
import { nameForm } from './name-form.ts'
import { entryPage, listPage } from './page.ts'
import { parties } from './parties.ts'
import { places } from './places.ts'

const MOST_AGREEMENTS = 100

/** The directories of parties and of places. */
export function directoryRoutes(on: On): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  for (const directory of [parties, places]) {
    const { path } = directory
    const list = on((visit) => showList(visit, directory))
    const show = on((visit) => showEntry(visit, directory))
    const name = on((visit) => submitName(visit, directory))
    routes.get(`/${path}`, list)
    routes.get(`/${path}/:slug`, show)
    routes.post(`/${path}/:slug/names`, analyst, name)
  }
  return routes
}

async function showList(visit: Visit, directory: Directory): Promise<void> {
  const { moment, today } = visit
  const { db, answers } = visit.context
  const filter = parseDirectoryFilter(visit.query)
  const found = await answers.remember(`${directory.path} ${today} ${JSON.stringify({ filter, moment })}`, () =>
    directory.list(db.read, filter, moment, today),
  )
  visit.page('directories/index', { ...listPage(directory, found, filter), moment })
}

async function showEntry(visit: Visit, directory: Directory, filled: Filled = BLANK, status = 200): Promise<void> {
  const moment = onlyMoment(visit)
  const { db } = visit.context
  const entry = await directory.find(db.read, visit.part('slug'))
  if (!entry) throw new AppError('not_found', directory.words.missing)
  const asked = { moment, today: visit.today, most: MOST_AGREEMENTS }
  const agreements = await listAgreementsOf(db.read, directory.link, entry.id, asked)
  const shown = { moment, most: MOST_AGREEMENTS, filled }
  visit.page('directories/show', entryPage(directory, entry, agreements, shown), status)
}

async function submitName(visit: Visit, directory: Directory): Promise<void> {
  const { context, actor } = visit
  const slug = visit.part('slug')
  await submit(visit, nameForm, {
    work: (name) => directory.addName(context, actor, slug, name),
    done: (_, { name }) => ({ to: `/${directory.path}/${slug}`, said: `“${name}” is added.` }),
    again: (filled, status) => showEntry(visit, directory, filled, status),
  })
}
