import { text } from 'node:stream/consumers'
import { addUser } from '../accounts/commands.ts'
import { email as emailSchema, newUserForm } from '../accounts/form.ts'
import { makePasswordLink } from '../accounts/password-link.ts'
import { listUsers } from '../accounts/queries.ts'
import { ROLES } from '../words/role.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { parseForm } from '../forms/typed.ts'
import { type Arguments, type Command, say, type Terminal, UsageError } from './command.ts'

const USAGE = `npm run clausula -- users add EMAIL --name NAME --role ${ROLES.join('|')}\n       npm run clausula -- users list\n       npm run clausula -- users link EMAIL`

export const users: Command = {
  summary: 'add an account, list them, or make a link for a forgotten password',
  usage: USAGE,
  help: 'The password of a new account is read from standard input, its first line.\nThe list has one account a line: address, role, name, and "disabled" where it is.\nA link sets a new password for an account, once; it is printed, and kept nowhere.',
  options: { name: { type: 'string' }, role: { type: 'string' } },
  run: async (context, args, terminal) => {
    const [action, ...rest] = args.positionals
    if (action === 'add') return add(context, { ...args, positionals: rest }, terminal)
    if (action === 'link') return link(context, rest, terminal)
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

async function link(context: AppContext, [email, ...more]: string[], { stdout }: Terminal): Promise<void> {
  if (email === undefined || more.length > 0) throw new UsageError(`usage: ${USAGE}`)
  const account = (await listUsers(context.db.read)).find((user) => user.email === email.toLowerCase())
  if (!account) throw new AppError('not_found', `there is no account ${email}: users list has them all`)
  const { path, expires_at } = await makePasswordLink(context, context.system, account.id)
  say(stdout, `${context.config.baseUrl}${path}`)
  say(stdout, `works once, until ${expires_at}`)
}

async function list({ db }: AppContext, { stdout }: Terminal): Promise<void> {
  for (const { email, role, name, disabled_at } of await listUsers(db.read)) {
    say(stdout, [email, role, name, ...(disabled_at === null ? [] : ['disabled'])].join('\t'))
  }
}
