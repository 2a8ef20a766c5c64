import { Abandoned, AppError } from '../errors.ts'

/** How many are at it at once, how many wait for their turn, and for how long. */
interface Places {
  atOnce: number
  waiting: number
  waitMs: number
}

/** Lets some at a piece of work at once; the next ones wait in a line that is short. */
export class Turns {
  readonly #places: Places
  readonly #line = new Set<() => void>()
  #underWay = 0

  constructor(places: Places) {
    this.#places = places
  }

  /**
   * Waits for a turn.
   * @param left tells when who waits is gone
   * @returns ends the turn, and begins the next
   * @throws AppError `busy` when the line is full or the wait too long; Abandoned for whoever is gone.
   */
  async take(left: AbortSignal): Promise<() => void> {
    if (this.#underWay < this.#places.atOnce) this.#underWay += 1
    else await this.#wait(left)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      const [next] = this.#line
      if (next) next()
      else this.#underWay -= 1
    }
  }

  /** A turn that ends is handed on: it is never free in between. */
  #wait(left: AbortSignal): Promise<void> {
    const { waiting, waitMs } = this.#places
    return new Promise((resolve, reject) => {
      if (left.aborted) return reject(new Abandoned())
      if (this.#line.size >= waiting) return reject(busy())
      const leave = () => {
        clearTimeout(timer)
        left.removeEventListener('abort', give)
        this.#line.delete(begin)
      }
      const begin = () => {
        leave()
        resolve()
      }
      const give = () => {
        leave()
        reject(new Abandoned())
      }
      const timer = setTimeout(() => {
        leave()
        reject(busy())
      }, waitMs)
      left.addEventListener('abort', give)
      this.#line.add(begin)
    })
  }
}

function busy(): AppError {
  return new AppError(
    'busy',
    'Others are downloading as much as this register sends at once: try again in a moment. Nothing is wrong with the address.',
  )
}
