import type { RequestHandler } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { whenOver } from './left.ts'

/** Refuses an address more requests than its share while as many of it are under way; IPv6 is counted by its network. */
export function shareOfAddress({ limits }: Pick<AppContext, 'limits'>): RequestHandler {
  const underWay = new Map<string, number>()
  return (req, res, next) => {
    const address = ipKeyGenerator(req.ip ?? '')
    const others = underWay.get(address) ?? 0
    if (others >= limits.perAddress)
      return next(
        new AppError(
          'too_many',
          `Your network address has ${others} requests under way here: wait until some of them are answered, then try again.`,
        ),
      )
    underWay.set(address, others + 1)
    whenOver(res, () => {
      const left = (underWay.get(address) ?? 1) - 1
      if (left === 0) underWay.delete(address)
      else underWay.set(address, left)
    })
    next()
  }
}
