import express, { type RequestHandler } from 'express'
import { AppError } from '../errors.ts'

/** Larger than the largest form, smaller than what would hold up the others. */
const LARGEST_BODY = '512kb'
const MOST_FIELDS = 2_000

/** Reads a form that was sent. */
export function formBody(): RequestHandler {
  return express.urlencoded({
    extended: false,
    limit: LARGEST_BODY,
    parameterLimit: MOST_FIELDS,
    verify: (_req, _res, body) => refuseDropped(body.toString('latin1')),
  })
}

/** The one field that the reader leaves out without a word: it is as unknown as others. */
function refuseDropped(body: string): void {
  const dropped = [...new URLSearchParams(body).keys()].some((field) => /^\[?__proto__\]?$/.test(field))
  if (dropped) throw new AppError('invalid', 'Unknown field __proto__: leave it out')
}
