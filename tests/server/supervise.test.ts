import { childrenOf } from '../support/processes.ts'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { waitBefore } from '../../src/server/supervise.ts'
import { newFolder } from '../support/folder.ts'
import { program } from '../support/program.ts'
import { answering, type RunningServer } from '../support/servers.ts'

test('a worker that has answered is replaced at once, one that never did after two seconds at most', () => {
  expect([0, 1, 2, 3, 4, 5, 20, 2000].map(waitBefore)).toEqual([0, 250, 500, 1000, 1000, 1000, 1000, 1000])
})

describe('workers', () => {
  let stopper: string
  let server: RunningServer
  beforeEach(async () => {
    const folder = newFolder('supervised')
    onTestFinished(() => rmSync(folder, { recursive: true }))
    stopper = join(folder, 'stop')
    server = await answering(program('tests/support/supervised.ts', [stopper], {}))
  })

  const kill = (...pids: number[]) => pids.forEach((pid) => process.kill(pid, 'SIGKILL'))
  const saysTimes = (words: string, times: number) => server.says(new RegExp(`(?:${words}[\\s\\S]*?){${times}}`))
  const waits = () => [...server.said().matchAll(/^wait (\d+)$/gm)].map(([, wait]) => Number(wait))

  test('are all back, however often they are killed, and none is waited for', async () => {
    for (let round = 1; round <= 5; round += 1) {
      const pids = childrenOf(server.pid)
      expect(pids).toHaveLength(3)
      kill(...pids.filter((_pid, at) => at !== round % 3))
      await saysTimes('another worker answers', 2 * round)
    }
    expect(waits()).toEqual(Array.from({ length: 10 }, () => 0))
    expect(childrenOf(server.pid)).toContain(Number(await (await fetch(server.url)).text()))
    expect(await server.stop()).toBe(0)
  })

  test('that end before they answer are started again and again, until they do', async () => {
    writeFileSync(stopper, '')
    kill(childrenOf(server.pid)[0] ?? 0)
    await saysTimes('wait 1000', 3)
    // The others answer meanwhile.
    expect(childrenOf(server.pid)).toContain(Number(await (await fetch(server.url)).text()))
    rmSync(stopper)
    await server.says(/another worker answers/)
    expect(waits().slice(0, 5)).toEqual([0, 250, 500, 1000, 1000])
    kill(childrenOf(server.pid)[0] ?? 0)
    await saysTimes('another worker answers', 2)
    expect(waits().at(-1)).toBe(0)
    expect(await server.stop()).toBe(0)
  })
})
