import { describe, expect, it } from 'vitest'
import { sanitize } from '../../src/base/sanitize.ts'

describe('sanitize', () => {
  it.each([
    ['a clipboard write', '\u001b]52;c;aGk=\u0007', '\\u001b]52;c;aGk=\\u0007'],
    ['a C1 control', '\u009b2J', '\\u009b2J'],
    ['line breaks', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['right-to-left override', 'a\u202eb', 'a\\u202eb'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
  ])('shows %s instead of doing it', (_what, text, shown) => {
    expect(sanitize(text)).toBe(shown)
  })

  it('leaves names and words as they are', () => {
    expect(sanitize('web-5fdcc4f8d-7c4bg – größer 日本 😀')).toBe(
      'web-5fdcc4f8d-7c4bg – größer 日本 😀',
    )
  })

  it('bounds the length', () => {
    expect(sanitize('x'.repeat(1_000), 10)).toBe('xxxxxxxxx…')
  })
})
