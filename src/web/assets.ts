import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { type Router } from 'express'

const ROOT = join(import.meta.dirname, '../..')
const fontsource = (family: string, file: string) =>
  `node_modules/@fontsource/ibm-plex-${family}/files/ibm-plex-${family}-${file}.woff2`

/** Those of which a family has all its weights. */
const ALPHABETS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext']

/** Everything that a page loads, by its name below `/assets/`; all of it served by ourselves. */
const FILES: Record<string, { path: string; type: string }> = {
  'tabler.css': { path: 'node_modules/@tabler/core/dist/css/tabler.min.css', type: 'text/css; charset=utf-8' },
  'clausula.css': { path: 'views/assets/clausula.css', type: 'text/css; charset=utf-8' },
  'pictures.css': { path: 'views/assets/pictures.css', type: 'text/css; charset=utf-8' },
  'clausula.js': { path: 'views/assets/clausula.js', type: 'text/javascript; charset=utf-8' },
  'icon.svg': { path: 'views/assets/icon.svg', type: 'image/svg+xml' },
  ...Object.fromEntries(
    [
      ...['400', '500', '600'].flatMap((weight) => [
        ...ALPHABETS.map((script) => ['sans', `${script}-${weight}-normal`] as const),
        ...['arabic', 'hebrew'].map((script) => [`sans-${script}`, `${script}-${weight}-normal`] as const),
      ]),
      ...ALPHABETS.map((script) => ['serif', `${script}-600-normal`] as const),
      ['mono', 'latin-400-normal'] as const,
    ].map(([family, file]) => [`plex-${family}-${file}.woff2`, { path: fontsource(family, file), type: 'font/woff2' }]),
  ),
}

const YEAR_IN_SECONDS = 31_536_000

export interface Assets {
  routes: Router
  /** The address of a file, which changes with its content, so that browsers may keep it for ever. */
  url(name: string): string
}

interface Asset {
  body: Buffer
  type: string
  version: string
}

/** The files do not change while the program runs. */
let loaded: ReadonlyMap<string, Asset> | undefined

/** Reads the files once and serves them from memory. */
export function loadAssets(): Assets {
  const assets = (loaded ??= readAssets())
  const routes = express.Router()
  routes.get('/assets/:name', (req, res, next) => {
    const asset = assets.get(req.params.name)
    if (!asset) return next()
    res.setHeader('Content-Type', asset.type)
    res.setHeader(
      'Cache-Control',
      req.query['v'] === asset.version ? `public, max-age=${YEAR_IN_SECONDS}, immutable` : 'public, max-age=300',
    )
    res.send(asset.body)
  })
  return { routes, url: (name) => `/assets/${name}?v=${assets.get(name)?.version}` }
}

function readAssets(): ReadonlyMap<string, Asset> {
  return new Map(
    Object.entries(FILES).map(([name, { path, type }]) => {
      const body = readFileSync(join(ROOT, path))
      return [name, { body, type, version: createHash('sha256').update(body).digest('hex').slice(0, 10) }]
    }),
  )
}
