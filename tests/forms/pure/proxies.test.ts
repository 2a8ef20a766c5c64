import express from 'express'
import { expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'

const read = (CLAUSULA_PROXIES: string) => readConfig({ CLAUSULA_PROXIES }).proxies

test.each([
  ['127.0.0.1', ['127.0.0.1']],
  ['127.0.0.1, ::1', ['127.0.0.1', '::1']],
  ['10.0.0.0/8,fd00::/8 192.0.2.7', ['10.0.0.0/8', 'fd00::/8', '192.0.2.7']],
  ['192.0.2.7/32', ['192.0.2.7/32']],
  ['', []],
])('%j is read, and understood by what goes by it', (text, proxies) => {
  expect(read(text)).toEqual(proxies)
  expect(() => express().set('trust proxy', read(text))).not.toThrow()
})

test.each([
  'true',
  'loopback',
  'proxy.example.org',
  '10.0.0.0/0',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/33',
  'fd00::/129',
  '10.0.0',
  '10.0.0.0/255.0.0.0',
  '127.0.0.1/',
  '::ffff:10.0.0.0/104',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
  '127.0.0.1;10.0.0.1',
])('%s stops the start by a line that names the setting and what it takes', (text) => {
  expect(() => read(`127.0.0.1,${text}`)).toThrow(
    /^CLAUSULA_PROXIES must be addresses or ranges .* such as 127\.0\.0\.1 or 10\.0\.0\.0\/8: “.+” is none$/,
  )
})
