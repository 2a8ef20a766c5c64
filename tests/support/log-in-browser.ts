import type { BrowserContext } from 'playwright-core'
import type { Role } from '../../src/words/role.ts'
import { PASSWORD, type TestApp } from './test-app.ts'

/** Logs a browser in with a new account of a role, through the form. */
export async function logInBrowser(app: TestApp, context: BrowserContext, role: Role, name?: string): Promise<void> {
  const { email } = await app.addUser(role, name)
  const page = await context.newPage()
  await page.goto(`${app.url}/login`)
  await page.fill('#email', email)
  await page.fill('#password', PASSWORD)
  await page.press('#password', 'Enter')
  await page.waitForURL(`${app.url}/`)
  await page.close()
}
