import { describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'

const draw = (source: { next(): number }, count: number) =>
  Array.from({ length: count }, () => source.next())

describe('random', () => {
  it('gives the same sequence for the same seed', () => {
    expect(draw(random(7), 5)).toEqual(draw(random(7), 5))
    expect(draw(random(7), 5)).not.toEqual(draw(random(8), 5))
  })

  it('has streams that do not disturb one another', () => {
    const alone = draw(random(7).stream('a'), 3)
    const parent = random(7)
    draw(parent.stream('b'), 100)
    draw(parent, 100)
    expect(draw(parent.stream('a'), 3)).toEqual(alone)
  })

  it('is uniform enough', () => {
    const values = draw(random(1), 100_000)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean).toBeGreaterThan(0.495)
    expect(mean).toBeLessThan(0.505)
  })

  it('makes suffixes as Kubernetes does', () => {
    expect(random(3).suffix(200)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{200}$/)
  })
})
