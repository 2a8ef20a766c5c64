import { expect, test } from 'vitest'
import { Turns } from '../../../src/web/turns.ts'

const LONG = 600_000
const here = () => new AbortController().signal

test('so many have a turn at once; a turn that ends is handed to who waits longest', async () => {
  const turns = new Turns({ atOnce: 2, waiting: 2, waitMs: LONG })
  const order: string[] = []
  const first = await turns.take(here())
  const second = await turns.take(here())
  const third = turns.take(here()).then((end) => {
    order.push('third')
    return end
  })
  const fourth = turns.take(here()).then((end) => {
    order.push('fourth')
    return end
  })
  expect(order).toEqual([])
  second()
  const endThird = await third
  expect(order).toEqual(['third'])
  first()
  const endFourth = await fourth
  expect(order).toEqual(['third', 'fourth'])
  endThird()
  endFourth()
  ;(await turns.take(here()))()
})

test('a turn ends once, however often that is said', async () => {
  const turns = new Turns({ atOnce: 1, waiting: 0, waitMs: LONG })
  const end = await turns.take(here())
  end()
  end()
  await turns.take(here())
  await expect(turns.take(here())).rejects.toMatchObject({ code: 'busy' })
})

test('who finds the line full is told at once, who waits too long is told then', async () => {
  const turns = new Turns({ atOnce: 1, waiting: 1, waitMs: 1 })
  const end = await turns.take(here())
  const waiting = turns.take(here())
  await expect(turns.take(here())).rejects.toMatchObject({ code: 'busy' })
  await expect(waiting).rejects.toMatchObject({ code: 'busy' })
  end()
  await turns.take(here())
})

test('who goes away while they wait makes room, and takes no turn', async () => {
  const turns = new Turns({ atOnce: 1, waiting: 1, waitMs: LONG })
  const end = await turns.take(here())
  const leaving = new AbortController()
  const gone = turns.take(leaving.signal)
  leaving.abort()
  await expect(gone).rejects.toMatchObject({ name: 'Abandoned' })
  await expect(turns.take(AbortSignal.abort())).rejects.toMatchObject({ name: 'Abandoned' })
  const next = turns.take(here())
  end()
  ;(await next)()
  ;(await turns.take(here()))()
})
