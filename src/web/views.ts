import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ejs from 'ejs'
import { escapeHtml } from './escape.ts'

const FOLDER = join(import.meta.dirname, '../../views')

/** Renders a view by its path below `views/`, without `.ejs`; the props are `it` inside. */
export type RenderView = (view: string, props: object) => string

type Template = (props: object) => string

/** The views do not change while the program runs: whoever asks for them again gets the same. */
let compiled: ReadonlyMap<string, Template> | undefined

/**
 * Compiles every view once, in strict mode: a template reads its props from `it` and nothing else, and a slip in one
 * stops the start instead of a request. Views include each other through `it.include`, which finds them already compiled
 * (EJS's own `include` looks on the disk at each call).
 */
export function loadViews(): RenderView {
  const templates = (compiled ??= compileViews())
  const render: RenderView = (view, props) => {
    const template = templates.get(view)
    if (!template) throw new Error(`there is no view ${view}`)
    // Views are given props of their own: what they include by is put among them.
    ;(props as { include?: RenderView }).include = render
    return template(props)
  }
  return render
}

function compileViews(): ReadonlyMap<string, Template> {
  const templates = new Map<string, Template>()
  for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ejs')) continue
    const path = join(FOLDER, file)
    const options = {
      strict: true,
      // The props are ours: a copy of them for each of a list's hundreds of partials takes as long as the rest.
      unsafePrototypeLocals: true,
      localsName: 'it',
      compileDebug: false,
      rmWhitespace: true,
      filename: path,
      escape: escapeHtml,
    }
    templates.set(relative(FOLDER, path).slice(0, -'.ejs'.length), ejs.compile(readFileSync(path, 'utf8'), options))
  }
  return templates
}
