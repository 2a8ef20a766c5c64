import { credentialOf } from '../accounts/password.ts'
import { SYSTEM_EMAIL, SYSTEM_NAME } from '../accounts/user.ts'
import type { Reader } from '../database/schema.ts'
import type { UsersTable } from '../database/tables/accounts.ts'
import { Fault } from './fault.ts'
import { readKinds, type ToldChange } from './told.ts'

type Row = Omit<UsersTable, 'id'> & { id: number }

/** An account as its changes leave it. */
interface Account {
  name: unknown
  role: unknown
  disabled_at: string | null
  created_at: string
  /** The digest of its address and password; null where no change has told it yet. */
  credential: string | null
  /** The newest change about it. */
  change: number
}

/**
 * Accounts have the names, roles, addresses and passwords that their changes say; there is no other but the program's own.
 * @throws Fault naming the first that does not follow, and its change.
 */
export async function checkAccounts(db: Reader): Promise<void> {
  const rows = await db.selectFrom('users').selectAll().orderBy('id').execute()
  const changes = await readKinds(db, [
    'user_added',
    'user_role_changed',
    'user_disabled',
    'user_enabled',
    'user_password_changed',
  ])
  const accounts = new Map<number, Account>()
  for (const change of changes) take(accounts, change)
  for (const row of rows) {
    if (row.email === SYSTEM_EMAIL) checkSystem(row)
    else checkAccount(row, accounts.get(row.id))
  }
}

function take(accounts: Map<number, Account>, { id, kind, of, recorded_at, after, stored }: ToldChange): void {
  const account: Account = accounts.get(of) ?? {
    name: after['name'],
    role: after['role'],
    disabled_at: null,
    created_at: recorded_at,
    credential: null,
    change: id,
  }
  accounts.set(of, account)
  account.change = id
  if (kind === 'user_role_changed') account.role = after['role']
  if (kind === 'user_disabled') account.disabled_at = recorded_at
  if (kind === 'user_enabled') account.disabled_at = null
  // Entries of earlier versions did not tell it: what they changed it to is not known.
  if (kind === 'user_added' || kind === 'user_password_changed') account.credential = stored.credential ?? null
}

function checkAccount(row: Row, account: Account | undefined): void {
  const what = `user ${row.id}`
  if (!account) throw new Fault(`${what} follows from no change`)
  for (const column of ['name', 'role', 'disabled_at', 'created_at'] as const)
    if (row[column] !== account[column])
      throw new Fault(`${what} does not say of ${column} what its changes up to change ${account.change} say`)
  if (row.password_hash === null) throw new Fault(`${what} has no password`)
  if (account.credential !== null && credentialOf(row.email, row.password_hash) !== account.credential)
    throw new Fault(`${what} has another email or password_hash than its changes up to change ${account.change} say`)
}

/** Nobody can log in to the program's own account. */
function checkSystem({ id, name, role, password_hash, disabled_at }: Row): void {
  if (name !== SYSTEM_NAME || role !== 'reader' || password_hash !== null || disabled_at !== null)
    throw new Fault(`user ${id} is not the program’s own account any more`)
}
