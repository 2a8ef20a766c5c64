import { afterEach, beforeEach, expect, vi } from 'vitest'

// Whatever is said on console.error is a fault that a test would otherwise pass over.
beforeEach(() => {
  vi.spyOn(console, 'error')
})
afterEach(() => {
  expect(vi.mocked(console.error).mock.calls).toEqual([])
  vi.restoreAllMocks()
})
