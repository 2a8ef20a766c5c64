import { describe, expect, test } from 'vitest'
import { passwordFault, personalFault } from '../../../src/accounts/password-rules.ts'

const ADA = { email: 'ada.lovelace@example.org', name: 'Ada King Lovelace' }

describe('a password', () => {
  test.each([
    ['a few words', 'a long walk to Tartus'],
    ['eight letters', 'xqvwzkpm'],
    ['eight letters in another script', 'ящгфъэюж'],
    ['eight signs of Han', '港口合同二零一九'],
    ['letters with marks, composed or not', 'e\u0301a\u0300o\u0302u\u0308i\u0301n\u0303c\u0327y\u0301'],
    ['eight emoji', '👩‍🚀🛳️⚓📜🖋️🏛️🗺️🔏'],
    ['spaces between letters', 'q w z x v k p m'],
    ['its longest', `xqvwzkpm${'y'.repeat(192)}`],
  ])('may be %s', (_what, password) => {
    expect(passwordFault(password)).toBeUndefined()
  })

  test.each([
    ['seven letters', 'xqvwzkp', /at least 8/],
    ['eight spaces', '        ', /at least 8/],
    ['eight NULs', '\0'.repeat(8), /at least 8/],
    ['no-break and other spaces', '\u00a0\u2003\u3000\u2028\u205f\u1680\u00a0\u0085', /at least 8/],
    ['zero-width characters', '\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f', /at least 8/],
    ['fillers and blanks', '\u3164\u115f\uffa0\u2800\u180e\u034f\u17b4\u{e0041}', /at least 8/],
    ['seven letters and a space', 'xqvwzkp ', /at least 8/],
    ['four letters with four marks', 'e\u0301a\u0300o\u0302u\u0308', /at least 8/],
    ['201 characters', 'xqvwzkpm7'.repeat(23), /at most 200/],
    ['one letter again and again', 'zzzzzzzzzzzz', /more different/],
    ['two letters in turn', 'zyzyzyzyzyzy', /more different/],
    ['a common one', 'password1', /tried first/],
    ['a common one in capitals', 'PassWord1', /tried first/],
    ['a common one in wide letters', 'ｐａｓｓｗｏｒｄ', /tried first/],
    ['a common one with invisible letters between', 'pass\u200bword', /tried first/],
    ['a common one with spaces', ' iloveyou ', /tried first/],
    ['another common one', 'qwertyuiop', /tried first/],
  ])('may not be %s', (_what, password, message) => {
    expect(passwordFault(password)).toMatch(message)
  })

  test.each([
    ['the address', 'ada.lovelace@example.org'],
    ['its first part', 'Ada_Lovelace'],
    ['its first part with a year', 'adalovelace1815!'],
    ['where it is', 'example.org2026'],
    ['the name', 'Ada King Lovelace'],
    ['a part of the name', 'lovelace-1815'],
    ['this program', 'Clausula2026'],
  ])('may not be %s and little else', (_what, password) => {
    expect(passwordFault(password)).toBeUndefined()
    expect(personalFault(password, ADA)).toMatch(/choose another/)
  })

  test.each(['the engine of Lovelace', '83651947205', 'rebus sic stantibus'])('may be %s', (password) => {
    expect(personalFault(password, ADA)).toBeUndefined()
  })
})
