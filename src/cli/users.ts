import { text } from 'node:stream/consumers'
import { addUser } from '../accounts/commands.ts'
import { email as emailSchema, newUserForm } from '../accounts/form.ts'
import { listUsers } from '../accounts/queries.ts'
import { ROLES } from '../words/role.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { parseForm } from '../forms/typed.ts'
import { type Arguments, type Command, say, type Terminal, UsageError } from './command.ts'

const USAGE = `npm run clausula -- users add EMAIL --name NAME --role ${ROLES.join('|')}\n       npm run clausula -- users list`

export const users: Command = {
  summary: 'add an account, or list them',
  usage: USAGE,
  help: 'The password of a new account is read from standard input, its first line.\nThe list has one account a line: address, role, name, and "disabled" where it is.',
  options: { name: { type: 'string' }, role: { type: 'string' } },
  run: async (context, args, terminal) => {
    const [action, ...rest] = args.positionals
    if (action === 'add') return add(context, { ...args, positionals: rest }, terminal)
    if (action === 'list' && rest.length === 0) return list(context, terminal)
    throw new UsageError(`usage: ${USAGE}`)
  },
}

async function add(
  context: AppContext,
  { values, positionals: [email, ...more] }: Arguments,
  { stdin, stdout }: Terminal,
): Promise<void> {
  if (
    email === undefined ||
    more.length > 0 ||
    typeof values['name'] !== 'string' ||
    typeof values['role'] !== 'string'
  )
    throw new UsageError(`usage: ${USAGE}`)
  if (!emailSchema.safeParse(email).success) throw new UsageError(`“${email}” is not an e-mail address`)
  const [password = ''] = (await text(stdin)).split(/\r?\n/)
  const form = parseForm(newUserForm, { email, name: values['name'], role: values['role'], password })
  if (!form.ok) {
    const [[field, message] = ['', '']] = Object.entries(form.errors)
    if (field === 'role') throw new UsageError(`--role: ${message}`)
    throw new AppError('invalid', `${field}: ${message}`)
  }
  const user = await addUser(context, context.system, form.data)
  say(stdout, `${user.email} is added as ${user.role}`)
}

async function list({ db }: AppContext, { stdout }: Terminal): Promise<void> {
  for (const { email, role, name, disabled_at } of await listUsers(db.read)) {
    say(stdout, [email, role, name, ...(disabled_at === null ? [] : ['disabled'])].join('\t'))
  }
}
