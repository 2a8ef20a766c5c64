import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/chromium.ts'
import { logInBrowser } from '../support/log-in-browser.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({ seeds: true })
})
afterEach(() => app.stop())

/** Presses Tab until the focus is on what `selector` names; fails where the keyboard cannot reach it. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

async function downloaded(page: Page, start: () => Promise<void>): Promise<Record<string, string>[]> {
  const [download] = await Promise.all([page.waitForEvent('download'), start()])
  expect(download.suggestedFilename()).toBe('agreements-2026-11-23.csv')
  return parse(await readFile(await download.path(), 'utf8'), { columns: true })
}

test('find, read, change with a source, see the history, take the list away: with the keyboard alone', async () => {
  const context = await openBrowser({ acceptDownloads: true })
  await logInBrowser(app, context, 'analyst', 'Ada')
  const page = await context.newPage()
  await page.goto(app.url)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('tartous')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/agreements?q=tartous')
  await tabTo(page, 'a[href="/agreements/RUS-SYR-2017-2"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/agreements/RUS-SYR-2017-2')
  expect(await page.textContent('#evidence')).toContain('claims')

  await tabTo(page, 'a[href$="status?to=annulled"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/status?to=annulled')
  await tabTo(page, '#means')
  await page.keyboard.type('denounced')
  await tabTo(page, '#effective_on')
  await page.keyboard.type('2026-11-20')
  await tabTo(page, '#reason')
  await page.keyboard.type('Note verbale of 20 November.')
  await tabTo(page, '#source_title')
  await page.keyboard.type('Official Gazette 44')
  await tabTo(page, '#source_url')
  await page.keyboard.type('https://gazette.example/44')
  await tabTo(page, '#asserted_by')
  await page.keyboard.type('Ministry of Foreign Affairs')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/agreements/RUS-SYR-2017-2')
  expect(await page.textContent('[role=status]')).toBe('Recorded: Annulled.')
  expect(await page.textContent('.standing')).toContain('Annulled')
  expect(await page.textContent('main')).toContain('Official Gazette 44')

  await tabTo(page, 'a[href$="/history"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/history')
  expect(await page.textContent('.history .change')).toContain(
    'Ada moved the status from Under review to Annulled, with effect from 20 Nov 2026',
  )

  await page.goto(`${app.url}/agreements?q=tartous`)
  await tabTo(page, 'a[href^="/agreements.csv"]')
  const rows = await downloaded(page, () => page.keyboard.press('Enter'))
  expect(rows.find(({ reference }) => reference === 'RUS-SYR-2017-2')).toMatchObject({
    status: 'annulled',
    means: 'denounced',
    status_since: '2026-11-20',
  })
  await context.close()
})

test('the same with JavaScript off, and by a filter that is ticked', async () => {
  const context = await openBrowser({
    acceptDownloads: true,
    javaScriptEnabled: false,
    viewport: { width: 1440, height: 900 },
  })
  await logInBrowser(app, context, 'analyst', 'Ada')
  const page = await context.newPage()
  await page.goto(`${app.url}/agreements`)
  await page.check('input[name=status][value=under_review]')
  await page.check('input[name=sector][value=defence]')
  await page.click('.facet-apply')
  expect(await page.textContent('.chips')).toContain('Status: Under review')
  await page.click('a[href="/agreements/RUS-SYR-2017-2"]')
  await page.click('text=Confirm')
  await page.fill('#effective_on', '2026-13')
  await page.fill('#reason', 'The commission confirmed it.')
  await page.click('text=Record as active')
  expect(await page.title()).toContain('Error')
  expect(await page.inputValue('#reason')).toBe('The commission confirmed it.')
  await page.click('.error-summary a')
  expect(page.url()).toMatch(/#effective_on$/)
  await page.fill('#effective_on', '2026-11')
  await page.click('text=Record as active')
  expect(await page.textContent('.standing')).toContain('Active')
  await page.goto(`${app.url}/agreements?status=active`)
  const rows = await downloaded(page, () => page.click('text=Export 17 rows'))
  expect(rows).toHaveLength(17)
  await context.close()
})

test('an agreement is entered with a third party by “Add a row”, and the error summary leads to its field', async () => {
  const context = await openBrowser()
  await logInBrowser(app, context, 'analyst', 'Ada')
  const page = await context.newPage()
  await page.goto(`${app.url}/agreements/new`)
  await page.click('text=Enter the agreement')
  await page.waitForSelector('.error-summary')
  expect(await page.evaluate('document.activeElement?.id')).toBe('error-summary')
  await page.click('.error-summary a >> text=Title')
  expect(await page.evaluate('document.activeElement?.id')).toBe('title')
  await page.fill('#title', 'Railway between three states')
  await page.selectOption('#kind', 'treaty')
  await page.fill('#signed_on', '2026')
  const rows = page.locator('section:has(#part-who) .row-fields')
  await page.locator('section:has(#part-who) .add-row').click()
  for (const [index, [name, country]] of [
    ['Syria', 'SY'],
    ['Iraq', 'IQ'],
    ['Türkiye', 'TR'],
    ['Jordan', 'JO'],
  ].entries()) {
    await rows
      .nth(index)
      .locator('[name=party_name]')
      .fill(name ?? '')
    await rows
      .nth(index)
      .locator('[name=party_country]')
      .selectOption(country ?? '')
  }
  await page.click('text=Enter the agreement')
  await page.waitForURL('**/agreements/IRQ-JOR-SYR-TUR-2026-1')
  expect(await page.textContent('.facts')).toContain('Republic of Türkiye')
  await context.close()
})

describe('two windows', () => {
  test('whoever comes second sees both versions and records theirs on top', async () => {
    const [first, second] = [await openBrowser(), await openBrowser()]
    await logInBrowser(app, first, 'analyst', 'Ada')
    await logInBrowser(app, second, 'analyst', 'Boris')
    const [ada, boris] = [await first.newPage(), await second.newPage()]
    await ada.goto(`${app.url}/agreements/RUS-SYR-2019-1/edit`)
    await boris.goto(`${app.url}/agreements/RUS-SYR-2019-1/edit`)
    await boris.fill('#lead', 'Boris')
    await boris.click('text=Record the edit')
    await boris.waitForURL('**/agreements/RUS-SYR-2019-1')
    await ada.fill('#lead', 'Ada')
    await ada.fill('#summary', 'A summary that took an hour.')
    await ada.click('text=Record the edit')
    await ada.waitForSelector('text=Somebody else was first')
    expect(await ada.textContent('.comparison')).toContain('A summary that took an hour.')
    await ada.click('text=Record mine on top of it')
    await ada.waitForURL('**/agreements/RUS-SYR-2019-1')
    expect(await ada.textContent('.facts')).toContain('Ada')
    expect(await ada.textContent('.summary')).toBe('A summary that took an hour.')
    await first.close()
    await second.close()
  })
})
