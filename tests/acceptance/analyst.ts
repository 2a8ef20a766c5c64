import supertest from 'supertest'
import { PASSWORD, type TestApp } from '../support/test-app.ts'
import type { Form, Name } from './facts.ts'
import { attribute, plain } from './page.ts'

/** Who works on the register, on which day. */
export interface Analysts {
  ada: (now: string) => Promise<Analyst>
  ben: (now: string) => Promise<Analyst>
}

/** An analyst at work on a day: opens forms as a browser shows them, types, and sends them. */
export class Analyst {
  readonly #agent: ReturnType<typeof supertest.agent>

  private constructor(agent: ReturnType<typeof supertest.agent>) {
    this.#agent = agent
  }

  /** Sets the clock and logs in: a session of last month has ended. */
  static async on(app: TestApp, now: string, email: string): Promise<Analyst> {
    app.clock.set(now)
    const agent = supertest.agent(app.url)
    await agent.post('/login').type('form').send({ email, password: PASSWORD }).expect(303)
    return new Analyst(agent)
  }

  /** Enters an agreement. */
  async enter(form: Form): Promise<void> {
    await this.#send('/agreements', form)
  }

  /** Edits an agreement; what is not sent stays as it is, but the title and the kind must be. */
  async edit(reference: string, form: Form & { title: string; kind: string }): Promise<void> {
    const page = await this.#open(`/agreements/${reference}/edit`)
    await this.#send(`/agreements/${reference}/edit`, { version: hidden(page, 'version'), ...form })
  }

  /** Records what somebody said about one agreement. */
  async recordClaim(reference: string, form: Form): Promise<void> {
    await this.#send(`/agreements/${reference}/claims`, form)
  }

  /** Records what somebody said about all agreements of the list's filter, if the preview shows those that are meant. */
  async recordClaimAboutAll(filter: string, meant: readonly string[], form: Form): Promise<void> {
    const page = await this.#open(`/claims/new?${filter}`)
    const [, list = ''] = /<ul class="preview-list">([\s\S]*?)<\/ul>/.exec(page) ?? []
    const shown = [...list.matchAll(/class="reference"[^>]*>([^<]+)</g)].map(([, reference = '']) => reference)
    if (shown.join() !== [...meant].sort().join()) throw new Error(`the preview of ${filter} shows ${shown.join(', ')}`)
    await this.#send('/claims', { filter: hidden(page, 'filter'), previewed: hidden(page, 'previewed'), ...form })
  }

  /** Changes a status on the evidence of some speakers, whose claims are ticked in the form. */
  async changeStatus(
    reference: string,
    form: Form & { status: string },
    speakers: readonly string[] = [],
  ): Promise<void> {
    const page = await this.#open(`/agreements/${reference}/status?to=${form.status}`)
    const claim = speakers.map((speaker) => claimOf(page, speaker))
    await this.#send(`/agreements/${reference}/status`, { version: hidden(page, 'version'), claim, ...form })
  }

  /** Corrects the newest position of the dossier. */
  async correctPosition(reference: string, form: Form, speakers: readonly string[]): Promise<void> {
    const dossier = await this.#open(`/agreements/${reference}`)
    const [, address = ''] = /class="position-correct" href="([^"]+)"/.exec(dossier) ?? []
    const page = await this.#open(address)
    const claim = speakers.map((speaker) => claimOf(page, speaker))
    await this.#send(address, { version: hidden(page, 'version'), claim, ...form })
  }

  /** Settles what somebody said about an agreement. */
  async settle(reference: string, speaker: string, reason: string): Promise<void> {
    const evidence = await this.#open(`/agreements/${reference}/claims`)
    const row = evidence.split('<tr ').find((one) => plain(one).includes(speaker)) ?? ''
    const [, address = ''] = /href="(\/claims\/\d+)"/.exec(row) ?? []
    const seen = hidden(await this.#open(address), 'seen')
    await this.#send(`${address}/settle`, { seen, agreement: reference, reason })
  }

  /** Adds names to a place of the directory. */
  async addPlaceNames(slug: string, names: readonly Name[]): Promise<void> {
    for (const { name, lang } of names) await this.#send(`/places/${slug}/names`, { name, lang: lang ?? '' })
  }

  async #open(address: string): Promise<string> {
    return (await this.#agent.get(address).expect(200)).text
  }

  /** Sends a form that must be taken. */
  async #send(address: string, form: Form): Promise<void> {
    const { status, text } = await this.#agent.post(address).type('form').send(form)
    const [, summary = text] = /id="error-summary">([\s\S]*?)<\/div>/.exec(text) ?? []
    if (status !== 303) throw new Error(`POST ${address} answered ${status}: ${plain(summary).slice(0, 500)}`)
  }
}

function hidden(page: string, name: string): string {
  const input = new RegExp(`<input type="hidden" name="${name}"[^>]*>`).exec(page)?.[0] ?? ''
  return attribute(input, 'value')
}

/** The number of the claim that a form offers to tick beside a speaker's name. */
function claimOf(page: string, speaker: string): string {
  const choice = page
    .split('<label class="choice">')
    .find((one) => one.includes('name="claim"') && plain(one).includes(speaker))
  if (choice === undefined) throw new Error(`the form offers no claim of ${speaker}`)
  return attribute(choice, 'value')
}
