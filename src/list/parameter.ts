import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from 'kysely'
import { z } from 'zod'
import type { Schema } from '../database/schema.ts'
import { excerpt } from '../forms/query.ts'

/** The longest value that a parameter takes, in characters. */
export const LONGEST = 200

/** How many values of a parameter that may repeat are asked for at most: each is a condition of its own. */
const MOST_VALUES = 20

/** What a condition is made of: the query, and what a filter's names stand for in the register at its moment. */
export interface Asked {
  eb: ExpressionBuilder<Schema, 'agreements'>
  /** Agreements by what belonged to them then, to be narrowed to a kind of link. */
  linked: () => SelectQueryBuilder<Schema, 'agreement_links', { agreement_id: number }>
  /** Those that the search finds. */
  found: () => Expression<SqlBool>
  partyIds: readonly number[]
  placeIds: readonly number[]
}

/** What a row of the table says of a filter: `Single` is one value of it, `Value` what its condition is given. */
interface Row<Single, Value> {
  /** What a text of the address means; undefined when it is not accepted. */
  read: (text: string) => Single | undefined
  /** Ends the message for a text that is not: `a date: give …`. */
  accepted: string
  /** Which agreements have what is asked for. */
  condition: (value: Value, asked: Asked) => Expression<SqlBool> | Expression<SqlBool>[]
  chip: (value: Single) => string
  /** The page counts what its alternatives would have, so that counting leaves it out. */
  isFacet?: boolean
  /** It asks for what only the agreement itself has, not its standing. */
  asksForMore?: boolean
  /** For a value that must be, or have been, some agreement's: the column that has it, and what is said when none ever did. */
  occurs?: { column: 'sector' | 'lead'; otherwise: (value: string) => string }
}

/** A filter of the list as everything that knows the list's parameters uses it. */
export interface Filter<Value> extends Pick<Row<unknown, unknown>, 'isFacet' | 'asksForMore' | 'occurs'> {
  is: 'filter'
  schema: z.ZodType<Value>
  repeats: boolean
  /** Its value when it is not given. */
  none: Value
  /** What an address says for a value; nothing for none. */
  said(value: Value): string[]
  /** What is filtered, each with the value that is left without it. */
  chips(value: Value): { label: string; without: Value }[]
  conditions(value: Value, asked: Asked): Expression<SqlBool>[]
}

/** A filter that may be given once. */
export function once<Single extends string>({
  read,
  accepted,
  condition,
  chip,
  ...more
}: Row<Single, Single>): Filter<Single | null> {
  return {
    is: 'filter',
    schema: readOnce(read, accepted),
    repeats: false,
    none: null,
    said: (value) => (value === null ? [] : [value]),
    chips: (value) => (value === null ? [] : [{ label: chip(value), without: null }]),
    conditions: (value, asked) => (value === null ? [] : [condition(value, asked)].flat()),
    ...more,
  }
}

/** A filter that may be given several times. */
export function often<Single extends string>({
  read,
  accepted,
  condition,
  chip,
  ...more
}: Row<Single, Single[]>): Filter<Single[]> {
  return {
    is: 'filter',
    schema: readOften(read, accepted),
    repeats: true,
    none: [],
    said: (values) => values,
    chips: (values) =>
      values.map((value) => ({ label: chip(value), without: values.filter((other) => other !== value) })),
    conditions: (values, asked) => (values.length === 0 ? [] : [condition(values, asked)].flat()),
    ...more,
  }
}

/** Reads a parameter that may be given once: null when it is not. */
export function readOnce<Out>(read: (text: string) => Out | undefined, accepted: string): z.ZodType<Out | null> {
  return z
    .string({ error: ({ input }) => (Array.isArray(input) ? 'may be given once only' : 'must be text') })
    .transform((text, context): Out => {
      const value = usable(text) ? read(text.trim()) : undefined
      if (value === undefined) context.addIssue({ code: 'custom', message: `“${excerpt(text)}” is not ${accepted}` })
      return value as Out
    })
    .nullable()
    .default(null)
}

function readOften<Out>(read: (text: string) => Out | undefined, accepted: string): z.ZodType<Out[]> {
  return z
    .union([z.string().transform((text) => [text]), z.array(z.string())], { error: 'must be text' })
    .transform((texts, context): Out[] => {
      if (texts.length > MOST_VALUES) {
        context.addIssue({ code: 'custom', message: `may be given at most ${MOST_VALUES} times, not ${texts.length}` })
        return z.NEVER
      }
      const values = texts.flatMap((text) => {
        const value = usable(text) ? read(text.trim()) : undefined
        if (value === undefined) context.addIssue({ code: 'custom', message: `“${excerpt(text)}” is not ${accepted}` })
        return value ?? []
      })
      // What is typed in several ways is asked for once.
      return [...new Set(values)]
    })
    .default([])
}

function usable(text: string): boolean {
  return (
    text.length <= LONGEST && text.isWellFormed() && !/[\u0000-\u001f\u007f\ufffd\u202a-\u202e\u2066-\u2069]/.test(text)
  )
}
