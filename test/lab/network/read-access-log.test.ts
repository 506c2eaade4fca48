import { describe, expect, it } from 'vitest'
import { readAccessLog } from '../../../src/lab/network/ingress/nginx/read-access-log.ts'

const podAt = (address: string) => `web-${address.slice(-1)}`

/** As nginx 1.22 writes them. */
const read = (status: number, peers: string, statuses: string, connects: string, whole = 'OK') => {
  const line = { port: 40_001, status, at: 1.5, whole, peers, statuses, connects }
  return readAccessLog(JSON.stringify(line), podAt)?.answer
}

const tried = (pod: string, how: string) => ({ pod, how, reused: false })

describe('a line of the access log', () => {
  it('of a request that went well tells nothing, also when a first try had failed', () => {
    expect(read(200, '10.0.0.1', '200', '0.001')).toBeUndefined()
    expect(read(200, '10.0.0.1, 10.0.0.2', '502, 200', '-, 0.001')).toBeUndefined()
  })

  it.each([
    ['502', '-', 'refused'],
    ['502', '0.001', 'closed'],
    ['504', '-', 'connect-timeout'],
    ['504', '0.001', 'timeout'],
  ])('of %s with connect time %s tells that the pod %s', (code, connect, how) => {
    expect(read(Number(code), '10.0.0.1', code, connect)).toEqual({
      clientPort: 40_001,
      status: Number(code),
      tries: [tried('web-1', how)],
      fault: how,
    })
  })

  it('tells every try in its order', () => {
    const peers = '10.0.0.1, 10.0.0.2, 10.0.0.3'
    expect(read(504, peers, '502, 502, 504', '-, 0.001, -')?.tries).toEqual([
      tried('web-1', 'refused'),
      tried('web-2', 'closed'),
      tried('web-3', 'connect-timeout'),
    ])
  })

  it('tells the pod that made an error itself, the body that was cut, and the client that left', () => {
    expect(read(500, '10.0.0.1', '500', '0.001')).toMatchObject({
      status: 500,
      answeredBy: 'web-1',
    })
    expect(read(200, '10.0.0.1', '200', '0.001', '')).toMatchObject({
      status: 0,
      tries: [tried('web-1', 'cut-body')],
    })
    const left = read(499, '10.0.0.1', '-', '0.001', '')
    expect(left).toMatchObject({ status: 499 })
    expect(left).not.toHaveProperty('fault')
  })

  it('tells nginx its own answers', () => {
    expect(read(503, '-', '-', '-')).toMatchObject({ fault: 'no-endpoints', tries: [] })
    expect(read(404, '-', '-', '-')).toMatchObject({ fault: 'no-route' })
    expect(read(413, '-', '-', '-')).toMatchObject({ fault: 'too-large' })
  })
})
