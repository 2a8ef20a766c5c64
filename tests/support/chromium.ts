import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { newFolder } from './folder.ts'

const INSTALLED = [
  process.env['CHROME_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

let found: Promise<string> | undefined

/** An installed Chrome or Chromium if there is one, else the Chromium that comes out of npm. It is looked for once. */
async function chromiumPath(): Promise<string> {
  const installed = INSTALLED.find((path) => path !== '' && existsSync(path))
  if (installed !== undefined) return installed
  const packaged = await import('@sparticuz/chromium')
  const file = await packaged.default.executablePath()
  // Brings the libraries that a bare system lacks, such as libnspr4.
  const libraries = await packaged.inflate(
    join(import.meta.dirname, '../../node_modules/@sparticuz/chromium/bin/al2023.tar.br'),
  )
  packaged.setupLambdaEnvironment(join(libraries, 'lib'))
  return file
}

/**
 * One person's browser: a context in a Chromium of its own. (In one headless shell the pages of a second context can stand still.)
 * Closing the context ends the Chromium.
 */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const cache = newFolder('chromium')
  const browser = await launchChromium(cache)
  browser.once('disconnected', () => rmSync(cache, { recursive: true, force: true }))
  const context = await browser.newContext(options)
  context.once('close', () => void browser.close())
  return context
}

/** A real browser, without a window, that fetches nothing of its own. */
async function launchChromium(cache: string): Promise<Browser> {
  return chromium.launch({
    executablePath: await (found ??= chromiumPath()),
    args: [
      '--no-sandbox',
      '--headless=shell',
      '--disable-gpu',
      '--disable-background-networking',
      `--disk-cache-dir=${cache}`,
    ],
  })
}
