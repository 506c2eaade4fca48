import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOfShare } from '../../src/load/load-plan.ts'
import { usersPlan } from '../../src/load/users-plan.ts'
import { readUsers } from '../../src/scenario/read-users.ts'

const plan = (text: string) => {
  const parts = readUsers(text)
  if (!Array.isArray(parts)) throw new Error(parts.message)
  return usersPlan(parts)
}

/** How many users there are at each of these seconds. */
const at = (text: string, ...seconds: readonly number[]) =>
  seconds.map((second) => plan(text).usersAt(second * 1e6))

const count = fc.nat(300)
const ms = fc.integer({ min: 1, max: 20_000 })

describe('how many users there are', () => {
  it('is what const, line and step say', () => {
    expect(at('const(5,10s)', 0, 9.999, 10)).toEqual([5, 5, 0])
    expect(at('line(0,10,10s)', 0, 0.999, 1, 5.5, 9.999)).toEqual([0, 0, 1, 5, 9])
    expect(at('line(10,0,10s)', 0, 0.5, 1, 9.5)).toEqual([10, 9, 9, 0])
    expect(at('step(1,5,2,1s)', 0, 1, 2, 3)).toEqual([1, 3, 5, 0])
    expect(at('step(5,1,3,1s)', 0, 1, 2)).toEqual([5, 2, 1])
  })

  it('is added to by once and ramp, and kept by wait', () => {
    const text = 'once(2) wait(1s) ramp(4,4s) wait(1s) once(1) wait(1s)'
    expect(at(text, 0, 1, 2, 4.9, 5, 6, 7)).toEqual([2, 2, 3, 5, 6, 7, 0])
    expect(plan(text)).toMatchObject({ durationUs: 7_000_000, maxUsers: 7 })
  })

  it('may be one user that is ramped, which Tank divides by zero for', () => {
    expect(at('ramp(1,1s) wait(1s)', 0, 0.999, 1)).toEqual([0, 0, 1])
  })

  it('is the formula, in whole numbers', () => {
    fc.assert(
      fc.property(
        count,
        count,
        ms,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, to, long, share) => {
          const made = plan(`line(${from},${to},${long}ms)`)
          const elapsedUs = Math.min(long * 1_000 - 1, Math.floor(share * long * 1_000))
          const product = BigInt(to - from) * BigInt(elapsedUs)
          const whole = product / BigInt(long * 1_000)
          const isBelow = product < 0n && product % BigInt(long * 1_000) !== 0n
          expect(made.usersAt(elapsedUs)).toBe(from + Number(whole) - (isBelow ? 1 : 0))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never exceeds the plan, and goes one way only within a word', () => {
    fc.assert(
      fc.property(count, count, ms, (from, to, long) => {
        const made = plan(`line(${from},${to},${long}ms)`)
        const seen = Array.from({ length: 200 }, (_, step) =>
          made.usersAt(Math.floor((step * long * 1_000) / 200)),
        )
        expect(Math.max(...seen)).toBeLessThanOrEqual(made.maxUsers)
        expect(Math.min(...seen)).toBeGreaterThanOrEqual(Math.min(from, to))
        expect(seen).toEqual(
          [...seen].sort((left, right) => (to >= from ? left - right : right - left)),
        )
      }),
    )
  })

  it('is shared out among threads without one too many', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 64 }), (users, threads) => {
        const shares = Array.from({ length: threads }, (_, index) =>
          countOfShare(users, { index, count: threads }),
        )
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(users)
        const active = Array.from({ length: users }, (_, user) => user % threads)
        expect(shares).toEqual(
          shares.map((_, index) => active.filter((one) => one === index).length),
        )
      }),
    )
  })

  it('is none before the start', () => {
    expect(plan('const(5,1s)').usersAt(-1)).toBe(0)
  })
})

describe('the text of users', () => {
  it.each([
    ['cosnt(1,1s)', 'there are const, line, step, once, ramp, wait'],
    ['const(1.5,1s)', '"1.5" is not a number of users from 0 to 60000'],
    ['const(60001,1s)', 'is not a number of users'],
    ['once(40000) wait(1s) once(40000)', 'more than 60000 users'],
    ['ramp(5)', 'takes 2 arguments, here are 1'],
    ['wait(5)', 'not a duration above 0 with a unit'],
    ['step(1,5,0,1s)', 'increment above 0'],
    ['', 'it is empty'],
  ])('%s is refused', (text, message) => {
    const parts = readUsers(text)
    expect(Array.isArray(parts) ? '' : parts.message).toContain(message)
  })
})
