import { copyRegister } from '../../src/transfer/copy.ts'

/** A program that copies a register and is killed as soon as it says that a table has arrived. */
const [from = '', to = '', table = ''] = process.argv.slice(2)
await copyRegister(from, to, (line) => {
  if (line.startsWith(`${table}:`)) process.kill(process.pid, 'SIGKILL')
})
