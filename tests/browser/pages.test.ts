import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { HtmlValidate } from 'html-validate'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePasswordLink } from '../../src/accounts/password-link.ts'
import { issueSetupToken } from '../../src/accounts/setup.ts'
import { agreementForm } from '../support/forms.ts'
import { openBrowser } from '../support/chromium.ts'
import { logInBrowser } from '../support/log-in-browser.ts'
import { type Agent, startTestApp, type TestApp } from '../support/test-app.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const LONG_ARABIC =
  'اتفاقية بين حكومة الاتحاد الروسي وحكومة الجمهورية العربية السورية بشأن توسيع أراضي مركز الدعم اللوجستي التابع للبحرية الروسية في ميناء طرطوس'
const LONG_RUSSIAN =
  'Соглашение о сельскохозяйственнопромышленномвзаимодействии и расширении территории пункта материально-технического обеспечения'

let app: TestApp
let fresh: TestApp
/** Addresses that are known once there is a link to open, by what stands for them below. */
const links: Record<string, string> = {}
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  fresh = await startTestApp()
  links['setup'] = `/setup?token=${await issueSetupToken(fresh.context.db)}`
  const { id } = await app.addUser('reader', LONG_ARABIC.slice(0, 90))
  links['new-password'] = (await makePasswordLink(app.context, app.context.system, id)).path
  const analyst = await app.logIn('analyst')
  await analyst
    .post('/agreements')
    .type('form')
    .send(
      agreementForm({
        title: LONG_RUSSIAN,
        title_ar: LONG_ARABIC,
        title_ru: LONG_RUSSIAN,
        party_name: [LONG_ARABIC, 'Syria'],
        sector: 'x'.repeat(60),
        summary: LONG_ARABIC,
      }),
    )
    .expect(303)
})
afterAll(async () => {
  await app.stop()
  await fresh.stop()
})

const PAGES: { path: string; who: 'reader' | 'admin'; empty?: true }[] = [
  { path: '/', who: 'reader' },
  { path: '/', who: 'reader', empty: true },
  { path: '/agreements', who: 'admin' },
  { path: '/agreements?country=SY&status=active&q=syria&per_page=25', who: 'reader' },
  { path: '/agreements?q=zzzz', who: 'reader' },
  { path: '/agreements?status=lost', who: 'reader' },
  { path: '/agreements/RUS-SYR-2019-1', who: 'admin' },
  { path: '/agreements/ROU-SYR-2019-1', who: 'reader' },
  { path: '/agreements/new', who: 'admin' },
  { path: '/agreements/RUS-SYR-2019-1/edit', who: 'admin' },
  { path: '/agreements/RUS-SYR-2019-1/status?to=annulled', who: 'admin' },
  { path: '/agreements/RUS-SYR-2017-2/status', who: 'admin' },
  { path: '/agreements/RUS-SYR-2019-1/history', who: 'reader' },
  { path: '/changes', who: 'reader' },
  { path: '/changes?day=1999-01-01', who: 'reader' },
  { path: '/parties', who: 'reader' },
  { path: '/parties/dp-world', who: 'admin' },
  { path: '/places', who: 'reader' },
  { path: '/places/tartus-commercial-port', who: 'admin' },
  { path: '/?as_of=2020&known_at=2026-11-23', who: 'reader' },
  { path: '/agreements?contested=yes&as_of=2025-02-01', who: 'admin' },
  { path: '/agreements?as_of=1950', who: 'reader' },
  { path: '/agreements/timeline?country=SY&country=RU', who: 'reader' },
  { path: '/agreements/timeline?q=zzzz', who: 'reader' },
  { path: '/agreements/RUS-SYR-2019-1?as_of=2025-02-01', who: 'admin' },
  { path: '/agreements/RUS-SYR-2019-1/claims', who: 'admin' },
  { path: '/agreements/RUS-SYR-2019-1/claims?stance=denies&grade=B2', who: 'reader' },
  { path: '/agreements/ROU-SYR-2019-1/claims', who: 'admin' },
  { path: '/claims/new?country=RU&country=SY', who: 'admin' },
  { path: '/claims/19', who: 'admin' },
  { path: '/claims/2', who: 'reader' },
  { path: '/sources', who: 'admin' },
  { path: '/sources?q=zzzz', who: 'reader' },
  { path: '/sources/20', who: 'admin' },
  { path: '/sources/new', who: 'admin' },
  { path: '/sources/20/edit', who: 'admin' },
  { path: '/agreements/RUS-SYR-2019-1/positions/51/correct', who: 'admin' },
  { path: '/agreements/RUS-SYR-2019-1/compare?from=1&to=4', who: 'reader' },
  { path: '/agreements/RUS-SYR-2019-1/history/322/revert', who: 'admin' },
  { path: '/compare', who: 'reader' },
  { path: '/compare?from=2024-12-08&to=2025-07-31', who: 'reader' },
  { path: '/compare?from=2024-12-08&to=2024-12-09', who: 'reader' },
  { path: '/login', who: 'reader' },
  { path: '/account', who: 'admin' },
  { path: '/admin', who: 'admin' },
  { path: '/changes', who: 'admin' },
  { path: '/changes?kind=user_added', who: 'reader' },
  { path: '/nowhere', who: 'reader' },
]

/** What of a page depends on its width and colours; the stylesheet has no limit between 320 and 360 px, so the rest is there alike. */
const BY_LOOK = ['color-contrast', 'target-size', 'scrollable-region-focusable']
const ALL = { type: 'tag', values: RULES }

const LOOKS = [
  { look: 'wide', size: { width: 1440, height: 900 }, colorScheme: 'light', rules: ALL },
  { look: 'narrow and dark', size: { width: 360, height: 740 }, colorScheme: 'dark', rules: ALL },
  {
    look: 'at 320 px',
    size: { width: 320, height: 640 },
    colorScheme: 'light',
    rules: { type: 'rule', values: BY_LOOK },
  },
] as const

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
}

/** A page with axe in a world of its own, since the page's policy rightly refuses a script from outside. */
interface Looked {
  page: Page
  said: string[]
  /** What axe finds against WCAG 2.2 AA, one line for each element. */
  violations: (rules: object) => Promise<string[]>
}

async function open(context: BrowserContext, address: string, press?: string): Promise<Looked> {
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  await page.goto(address)
  if (press !== undefined) await Promise.all([page.waitForEvent('load'), page.click(press)])
  const client = await context.newCDPSession(page)
  const { frameTree } = await client.send('Page.getFrameTree')
  const { executionContextId: contextId } = await client.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  })
  await client.send('Runtime.evaluate', { contextId, expression: AXE })
  const violations = async (rules: object) => {
    const { result } = await client.send('Runtime.evaluate', {
      contextId,
      expression: `axe.run({ runOnly: ${JSON.stringify(rules)} }).then((result) => JSON.stringify(result))`,
      awaitPromise: true,
      returnByValue: true,
    })
    const found = JSON.parse(String(result.value)) as AxeResult
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary.slice(0, 200)}`),
    )
  }
  return { page, said, violations }
}

describe('in the browser', () => {
  let admin: BrowserContext
  let reader: BrowserContext
  beforeAll(async () => {
    // What changes its colours little by little is not looked at half-way.
    admin = await openBrowser({ reducedMotion: 'reduce' })
    reader = await openBrowser({ reducedMotion: 'reduce' })
    await logInBrowser(app, admin, 'admin')
  })
  afterAll(async () => {
    await admin.close()
    await reader.close()
  })

  describe.each([
    ...PAGES,
    { path: 'setup', who: 'reader', empty: true } as const,
    { path: 'new-password', who: 'reader' } as const,
    { path: '/admin', who: 'admin', press: 'form[action$="/password-link"] button' } as const,
  ])('$path as $who has no fault that axe finds, and nothing overflows', ({ path, who, ...more }) => {
    let looked: Looked
    beforeAll(async () => {
      const address = `${('empty' in more ? fresh : app).url}${links[path] ?? path}`
      looked = await open(who === 'admin' ? admin : reader, address, 'press' in more ? more.press : undefined)
      if ('press' in more) expect(await looked.page.textContent('h1')).toBe('A link for a new password')
    })
    afterAll(() => looked.page.close())

    test.each(LOOKS)('$look', async ({ size, colorScheme, rules }) => {
      const { page, said, violations } = looked
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      expect(await violations(rules)).toEqual([])
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect(await page.evaluate(overflow)).toBe(0)
      expect(said.filter((line) => !/status of 40[0134]/.test(line))).toEqual([])
    })
  })
})

test('no stylesheet has a limit between the two narrowest looks', () => {
  const tabler = createRequire(import.meta.url).resolve('@tabler/core/dist/css/tabler.min.css')
  const limits = [tabler, 'views/assets/clausula.css', 'views/assets/pictures.css'].flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/\((?:min|max)-width:\s?([\d.]+)(rem|px)\)/g),
  ])
  const pixels = limits.map(([, width, unit]) => Number(width) * (unit === 'rem' ? 16 : 1))
  expect(pixels.length).toBeGreaterThan(20)
  expect(pixels.filter((width) => width >= 320 && width <= 360)).toEqual([])
})

const tokenOf = () => links['new-password']?.split('=')[1] ?? ''

describe('the markup', () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    // Repeated names are the form's contract: a party a row, a status a box.
    rules: {
      'no-inline-style': 'error',
      'long-title': 'off',
      'no-trailing-whitespace': 'off',
      'void-style': 'off',
      'tel-non-breaking': 'off',
      'form-dup-name': 'off',
    },
  })

  let admin: Agent
  beforeAll(async () => {
    admin = await app.logIn('admin')
  })

  test.each(PAGES)('of $path is valid', async ({ path, who, ...more }) => {
    const agent = 'empty' in more ? fresh.reader : who === 'admin' ? admin : app.reader
    const { text } = await agent.get(path)
    const report = await validator.validateString(text)
    expect(
      report.results.flatMap(({ messages }) =>
        messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
      ),
    ).toEqual([])
  })

  test('of a form that came back, of a conflict and of a refusal is valid too', async () => {
    const answers = [
      await admin
        .post('/agreements')
        .type('form')
        .send({ title: '', party_name: ['DP Wurld', 'x'], party_type: ['company', 'state'] }),
      await admin
        .post('/agreements/RUS-SYR-2019-1/status')
        .type('form')
        .send({ status: 'annulled', effective_on: '2030', version: '4', reason: 'x', source_title: 'y' }),
      await admin.post('/agreements/RUS-SYR-2019-1/edit').type('form').send({ title: 'x', kind: 'loan', version: '1' }),
      await app.reader.post('/agreements').type('form').send({}),
      await admin.post('/agreements/RUS-SYR-2019-1/claims').type('form').send({ note: LONG_ARABIC }),
      await admin
        .post('/claims')
        .type('form')
        .send({ agreements: 'RUS-SYR-2019-1 X', filter: '?country=SY', asserted_by: 'x', stance: 'denies' }),
      await app.reader.post('/account/new-password').type('form').send({ token: tokenOf(), new_password: 'x' }),
      await admin.post(`/admin/users/${parseInt(tokenOf(), 10)}/password-link`),
      await admin.post('/sources').type('form').send({ source_url: 'javascript:alert(1)' }),
      await admin.post('/claims/19/settle').type('form').send({ reason: '', seen: '999999' }),
      await admin
        .post('/claims/19/settle')
        .type('form')
        .send({ reason: 'Weighed.', seen: '1', agreement: 'RUS-SYR-2019-1' }),
      await admin
        .post('/agreements/RUS-SYR-2019-1/positions/51/correct')
        .type('form')
        .send({ status: 'annulled', effective_on: '2025-13', version: '4' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 409, 401, 422, 422, 422, 200, 422, 422, 409, 422])
    for (const { text } of answers) {
      const report = await validator.validateString(text)
      expect(
        report.results.flatMap(({ messages }) =>
          messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
        ),
      ).toEqual([])
    }
  })
})
