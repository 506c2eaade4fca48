import { describe, expect, it } from 'vitest'
import { findRoute } from '../../../src/lab/network/ingress/ingress-routes.ts'
import type { Route } from '../../../src/lab/network/ingress/ingress-routes.ts'

const route = (path: string, exact = false): Route => ({ path, exact, peers: [] })

describe('the route of a request', () => {
  const routes = [route('/pay', true), route('/shop/cart'), route('/shop'), route('/')]

  it.each([
    ['/pay', '/pay'],
    ['/pay/', '/'],
    ['/shop', '/shop'],
    ['/shop/cart/1?x=1', '/shop/cart'],
    ['/shopping', '/'],
    ['/shop?x=/shop/cart', '/shop'],
  ])('of %s is %s', (url, path) => {
    expect(findRoute(routes, url)?.path).toBe(path)
  })

  it('is none when no path matches', () => {
    expect(findRoute([route('/a')], '/b')).toBeUndefined()
  })
})
