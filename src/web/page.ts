import type { Request, Response } from 'express'
import { includesRole } from '../words/role.ts'
import { describeMoment, isPast, type Moment, MOMENT_PARAMETERS, NOW } from '../time/moment.ts'
import { carryMoment } from './moment.ts'
import type { AppContext } from '../context.ts'
import type { Assets } from './assets.ts'
import { utf8 } from './bytes.ts'
import { takeFlash } from './flash.ts'
import { isOfAccounts, unmark } from './unchanged.ts'
import type { RenderView } from './views.ts'

/** What every page has; those that can look at the past say at which moment they look. */
export interface PageProps {
  title: string
  moment?: Moment
  /** The page compares two days of its own: only the time of knowledge can be chosen above it. */
  isOfTwoDays?: boolean
}

/** Sends a view inside the layout. */
export type SendPage = <Props extends PageProps>(
  req: Request,
  res: Response,
  view: string,
  props: Props,
  status?: number,
) => void

const NAVIGATION = [
  { href: '/', label: 'Overview' },
  { href: '/agreements', label: 'Agreements' },
  { href: '/changes', label: 'Changes' },
  { href: '/compare', label: 'Compare' },
  { href: '/parties', label: 'Parties' },
  { href: '/places', label: 'Places' },
  { href: '/sources', label: 'Sources' },
]

/**
 * Builds the one way in which pages are sent.
 * @param ui how values are shown, the same in every view
 */
export function pageSender(
  context: Pick<AppContext, 'config' | 'secret'>,
  render: RenderView,
  assets: Assets,
  ui: object,
): SendPage {
  const stylesheets = ['tabler.css', 'clausula.css', 'pictures.css'].map((name) => assets.url(name))
  const script = assets.url('clausula.js')
  const icon = assets.url('icon.svg')
  return (req, res, view, props, status = 200) => {
    const user = req.user
    const moment = props.moment ?? NOW
    const shared = {
      ui,
      user,
      path: req.path,
      // The past is read, not written: no form is offered there.
      mayEdit: user !== undefined && includesRole(user.role, 'analyst') && !isPast(moment),
      isAdmin: user !== undefined && includesRole(user.role, 'admin'),
    }
    const body = render(view, { ...shared, ...props })
    const navigation = NAVIGATION.map((item) => ({ ...item, current: isWithin(req.path, item.href) }))
    const flash = takeFlash(req, res, context)
    // Pages about accounts are nowhere to come back to; a one-time link least of all.
    const here = req.method === 'GET' && !isOfAccounts(req.path) ? req.originalUrl : '/'
    res.statusCode = status
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    if (status !== 200) unmark(res)
    if (!res.hasHeader('Cache-Control'))
      res.setHeader('Cache-Control', isOfAccounts(req.path) ? 'no-store' : 'private, no-cache')
    // The answer to a form has no address that could be looked at on another day.
    const bar =
      props.moment === undefined || req.method !== 'GET' ? null : momentBar(req, moment, props.isOfTwoDays === true)
    const frame = { title: props.title, body, bar, navigation, flash, here, stylesheets, script, icon }
    const html = utf8(carryMoment(render('layout', { ...shared, ...frame }), moment))
    res.setHeader('Content-Length', html.length)
    res.end(html)
  }
}

/** What the bar above a page says of the moment that it looks at, and how to look at another. */
function momentBar(req: Request, moment: Moment, isOfTwoDays: boolean) {
  const others = new URLSearchParams(req.originalUrl.split('?')[1] ?? '')
  for (const name of [...MOMENT_PARAMETERS, 'page']) others.delete(name)
  const query = others.toString()
  return {
    ...moment,
    ...describeMoment(moment),
    isPast: isPast(moment),
    isOfTwoDays,
    action: req.path,
    now: query === '' ? req.path : `${req.path}?${query}`,
    others: [...others],
  }
}

function isWithin(path: string, href: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`))
}
