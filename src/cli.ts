import { runCommand } from './cli/run.ts'

const { stdin, stdout, stderr } = process
process.exitCode = await runCommand(process.argv.slice(2), process.env, { stdin, stdout, stderr })
