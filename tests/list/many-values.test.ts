import { expect, test } from 'vitest'
import { enterAgreement, openDesk } from '../support/desk.ts'
import { csvRows } from '../support/asked.ts'

const desk = openDesk()
const COUNTRIES = ['RO', 'SY', 'BG', 'MD', 'UA']
const NAMES = ['Ruritania', 'Elbonia', 'Molvania', 'Syldavia', 'Borduria'].map((name) => `Kingdom of ${name}`)

test('an agreement of five parties is found by each number of them, and by none that it does not have', async () => {
  const reference = await enterAgreement(desk.ada, {
    party_name: NAMES,
    party_type: NAMES.map(() => 'state'),
    party_country: COUNTRIES,
    party_role: NAMES.map(() => ''),
  })
  const found = async (pairs: [string, string][]) =>
    (await csvRows(desk.app, `/agreements.csv?${new URLSearchParams(pairs).toString()}`)).map((row) => row['reference'])
  for (const [name, values, other] of [
    ['party', NAMES, 'russian-federation'],
    ['country', COUNTRIES, 'RU'],
  ] as const)
    for (let count = 1; count <= values.length; count += 1) {
      const asked = values.slice(0, count).map((value): [string, string] => [name, value])
      expect(await found([...asked, ['sort', 'reference']]), `${count} ${name}`).toContain(reference)
      expect(await found([...asked, [name, other]]), `${count} ${name} and another`).not.toContain(reference)
      if (count > 3)
        expect(await found([...asked, asked[0] ?? ['', ''], ['known_at', '2026-11-23']])).toEqual([reference])
    }
})
