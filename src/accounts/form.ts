import { z } from 'zod'
import { line, optionalLine, word } from '../forms/fields.ts'
import { LONGEST_PASSWORD, passwordFault } from './password-rules.ts'
import { ROLES } from '../words/role.ts'

const anyPassword = z.string({
  error: ({ input }) => (Array.isArray(input) ? 'is given more than once: give it once' : 'Give your password'),
})

/** Kept as typed: spaces count. */
const newPassword = anyPassword.superRefine((text, context) => {
  const message = passwordFault(text)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

/** An address of e-mail, in lower case. */
export const email = line('Give an e-mail address', 254).transform((text, context) => {
  const address = text.toLowerCase()
  if (!z.email().safeParse(address).success)
    context.addIssue({
      code: 'custom',
      message: `“${text.slice(0, 60)}” is not an e-mail address: give one such as name@example.org`,
    })
  return address
})

const name = line('Give a name, as it should stand in the history', 100)

/** A page of this register to go on to after log-in: a path, never another site. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(next) ? next : '/'
}

export const loginForm = z.strictObject({
  email: z
    .string({ error: 'Give your e-mail address' })
    .trim()
    .toLowerCase()
    .max(254, 'is longer than any e-mail address'),
  password: anyPassword.max(LONGEST_PASSWORD, 'is longer than any password here'),
  next: optionalLine,
})

export const setupForm = z.strictObject({
  token: line('Open the link that the server printed', 100),
  email,
  name,
  password: newPassword,
})

export const passwordForm = z.strictObject({ current_password: anyPassword, new_password: newPassword })

export const newPasswordForm = z.strictObject({
  token: line('Open the link that an admin made for you', 100),
  new_password: newPassword,
})

export const newUserForm = z.strictObject({ email, name, role: word(ROLES, 'a role'), password: newPassword })

export const roleForm = z.strictObject({ role: word(ROLES, 'a role') })
