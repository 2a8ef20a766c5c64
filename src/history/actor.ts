import { sql } from 'kysely'
import { NAMELESS, type Names } from '../words/person.ts'

/**
 * The name of an account as a reader sees it. That of the program, which has no password, is no person's and always shown.
 * @param users what the table of accounts is called in the query; null where it has no row there
 */
export function actorName(names: Names, users = 'users') {
  const name = sql.ref<string>(`${users}.name`)
  if (names === 'shown') return name
  const hash = sql.ref(`${users}.password_hash`)
  return sql<string>`case when ${hash} is null then ${name} else ${sql.lit(NAMELESS)} end`
}
