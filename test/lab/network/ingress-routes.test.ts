import { describe, expect, it } from 'vitest'
import { findRoute } from '../../../src/lab/network/ingress/ingress-routes.ts'
import type { Route } from '../../../src/lab/network/ingress/ingress-routes.ts'

const route = (path: string, match: Route['match'] = 'element', host?: string): Route => ({
  path,
  match,
  peers: [],
  ...(host === undefined ? {} : { host }),
})

describe('the route of a request', () => {
  const routes = [route('/pay', 'exact'), route('/shop/cart'), route('/shop'), route('/')]

  it.each([
    ['/pay', '/pay'],
    ['/pay/', '/'],
    ['/shop', '/shop'],
    ['/shop/cart/1?x=1', '/shop/cart'],
    ['/shopping', '/'],
    ['/shop?x=/shop/cart', '/shop'],
  ])('of %s is %s', (url, path) => {
    expect(findRoute(routes, 'any', url)?.path).toBe(path)
  })

  it('is none when no path matches', () => {
    expect(findRoute([route('/a')], 'any', '/b')).toBeUndefined()
  })

  it('may begin in the middle of an element when the type is ImplementationSpecific', () => {
    expect(findRoute([route('/shop', 'text')], 'any', '/shopping')?.path).toBe('/shop')
  })
})

describe('the route of a host', () => {
  const routes = [
    route('/exact', 'element', 'a.shop.test'),
    route('/', 'element', '*.shop.test'),
    route('/any'),
    route('/', 'default'),
  ]

  it.each([
    ['A.shop.test:8080', '/exact', '/exact'],
    // The host's own rules alone count: neither the wildcard's nor those without a host.
    ['a.shop.test', '/any', 'default'],
    ['b.shop.test', '/exact', '/'],
    ['c.b.shop.test', '/any', '/any'],
    ['shop.test', '/x', 'default'],
  ])('%s at %s is %s', (host, url, expected) => {
    const found = findRoute(routes, host, url)
    expect(found?.match === 'default' ? 'default' : found?.path).toBe(expected)
  })
})
