import { describe, expect, it } from 'vitest'
import { hideInCommand } from '../../src/recording/hide-secrets.ts'

describe('secrets in a command line', () => {
  it.each([
    ['Authorization: Bearer x', 'Authorization: ***'],
    ['--header=Cookie: a=b', '--header=Cookie: ***'],
    ['-HX-Api-Key: 1', '-HX-Api-Key: ***'],
    ['X-Auth-Token:1', 'X-Auth-Token: ***'],
    ['Accept: text/html', 'Accept: text/html'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ])('%s', (word, hidden) => {
    expect(hideInCommand([word])).toEqual([hidden])
  })
})
