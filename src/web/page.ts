import type { Request, Response } from 'express'
import { includesRole } from '../accounts/role.ts'
import type { Assets } from './assets.ts'
import { takeFlash } from './flash.ts'
import { ui } from './ui.ts'
import type { RenderView } from './views.ts'

/** What every page has. */
export interface PageProps {
  title: string
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
  { href: '/parties', label: 'Parties' },
  { href: '/places', label: 'Places' },
]

/** Builds the one way in which pages are sent. */
export function pageSender(render: RenderView, assets: Assets): SendPage {
  const stylesheets = [assets.url('tabler.css'), assets.url('clausula.css')]
  const script = assets.url('clausula.js')
  const icon = assets.url('icon.svg')
  return (req, res, view, props, status = 200) => {
    const user = req.user
    const shared = {
      ui,
      user,
      path: req.path,
      mayEdit: user !== undefined && includesRole(user.role, 'analyst'),
      isAdmin: user !== undefined && includesRole(user.role, 'admin'),
    }
    const body = render(view, { ...shared, ...props })
    const navigation = NAVIGATION.map((item) => ({ ...item, current: isWithin(req.path, item.href) }))
    const flash = takeFlash(req, res)
    const here = req.method === 'GET' ? req.originalUrl : '/'
    res.statusCode = status
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'private, no-cache')
    const frame = { title: props.title, body, navigation, flash, here, stylesheets, script, icon }
    const html = Buffer.from(render('layout', { ...shared, ...frame }))
    res.setHeader('Content-Length', html.length)
    res.end(html)
  }
}

function isWithin(path: string, href: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`))
}
