import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../errors.ts'

const keys = new Map<string, KeyObject>()

/**
 * The Ed25519 key in a file, which is made where there is none, readable by its owner only. It is read once.
 * @throws StartError when it cannot be read or made, or is another kind of key
 */
export function signingKey(file: string): KeyObject {
  const known = keys.get(file) ?? readKey(file)
  keys.set(file, known)
  return known
}

function readKey(file: string): KeyObject {
  try {
    if (!existsSync(file)) makeKey(file)
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key')
    return key
  } catch (error) {
    throw new StartError(
      `the signing key ${file} cannot be used (${(error as Error).message}): CLAUSULA_SIGNING_KEY names a file that holds an Ed25519 key in PEM, or that can be made`,
    )
  }
}

function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    // Another process was first: its key counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
