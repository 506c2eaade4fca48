import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../../src/cluster/connect.ts'
import { proxyOf } from '../../../src/cluster/connect/proxy-of.ts'
import { connectProxy, type ConnectProxy } from './connect-proxy.ts'
import { fakeApi, type FakeApi } from './fake-api.ts'
import { type KubeconfigFolder, kubeconfigFolder } from './kubeconfig-folder.ts'

let folder: KubeconfigFolder
let api: FakeApi
let proxy: ConnectProxy | undefined

beforeEach(async () => {
  folder = kubeconfigFolder()
  api = await fakeApi()
})

afterEach(async () => {
  folder.remove()
  await proxy?.close()
  await api.close()
})

describe('a proxy on the way to the API server', () => {
  it('of the kubeconfig gets a CONNECT with its user and password, and TLS leads through it', async () => {
    proxy = await connectProxy(api.port)
    const kubeconfig = folder.kubeconfig('one', {
      server: 'https://shop.test:6443',
      cluster: { 'proxy-url': `http://anna:pl%40nted@127.0.0.1:${proxy.port}` },
      user: { token: 't' },
    })
    const result = await connect({ kubeconfig, place: folder.place() })
    expect(result.ok && result.value.serverVersion).toBe('v1.34.0')
    expect(proxy.asked[0]?.what).toBe('CONNECT shop.test:6443')
    const basic = Buffer.from('anna:pl@nted').toString('base64')
    expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${basic}`)
    // What the API server is told is not told to the proxy, and the other way round.
    expect(proxy.asked[0]?.headers.authorization).toBeUndefined()
    expect(api.seen[0]?.headers.authorization).toBe('Bearer t')
    expect(api.seen[0]?.headers['proxy-authorization']).toBeUndefined()
  })

  it('is shared by calls, which keep the tunnel', async () => {
    proxy = await connectProxy(api.port)
    const kubeconfig = folder.kubeconfig('one', { server: 'https://shop.test' })
    const place = folder.place({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` })
    const result = await connect({ kubeconfig, place })
    if (!result.ok) throw new Error(result.error.message)
    for (let n = 0; n < 5; n++) await result.value.client.call({ method: 'GET', path: '/api' })
    expect(api.seen.length).toBe(6)
    expect(proxy.asked.map(({ what }) => what)).toEqual(['CONNECT shop.test:443'])
  })

  it('gets whole URLs for an API server of plain HTTP', async () => {
    const plain = await fakeApi({ isTls: false })
    proxy = await connectProxy(plain.port)
    const kubeconfig = folder.kubeconfig('one', { server: 'http://shop.test:8001' })
    const place = folder.place({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` })
    expect((await connect({ kubeconfig, place })).ok).toBe(true)
    expect(proxy.asked[0]?.what).toBe('GET http://shop.test:8001/version')
    await plain.close()
  })

  it.each([
    ['refuses', 407, 'answered CONNECT with 407'],
    ['is not there', undefined, 'cannot be reached: ECONNREFUSED'],
  ])('that %s is named, without its password', async (_what, refusal, message) => {
    proxy = await connectProxy(api.port, refusal)
    const { port } = proxy
    if (refusal === undefined) await proxy.close()
    const kubeconfig = folder.kubeconfig('one', {
      server: 'https://shop.test',
      cluster: { 'proxy-url': `http://anna:planted@127.0.0.1:${port}` },
    })
    const result = await connect({ kubeconfig, place: folder.place() })
    if (result.ok) throw new Error('it connected')
    expect(result.error.message).toContain(`the proxy http://127.0.0.1:${port} ${message}`)
    expect(result.error.hint).toContain('proxy-url')
    expect(JSON.stringify(result.error)).not.toContain('planted')
    if (refusal === undefined) proxy = undefined
  })
})

describe('the choice of a proxy', () => {
  const env = (noProxy?: string) => ({
    HTTPS_PROXY: 'http://secure:1',
    HTTP_PROXY: 'http://plain:2',
    ...(noProxy !== undefined && { NO_PROXY: noProxy }),
  })
  const chosen = (server: string, noProxy?: string, url?: string) =>
    proxyOf(new URL(server), url, env(noProxy))?.host

  it.each([
    ['https://api.corp', undefined, 'secure:1'],
    ['http://api.corp', undefined, 'plain:2'],
    ['https://localhost:6443', undefined, undefined],
    ['https://127.0.0.1:6443', undefined, undefined],
    ['https://[::1]:6443', undefined, undefined],
    ['https://api.corp', '*', undefined],
    ['https://api.corp', 'corp', undefined],
    ['https://api.corp', '.corp', undefined],
    ['https://api.corp', '*.corp', undefined],
    ['https://corp', '.corp', 'secure:1'],
    ['https://apicorp', 'corp', 'secure:1'],
    ['https://api.corp:6443', 'api.corp:6443', undefined],
    ['https://api.corp:6443', 'api.corp:443', 'secure:1'],
    ['https://api.corp', 'api.corp:443', undefined],
    ['https://10.1.2.3', '10.0.0.0/8', undefined],
    ['https://11.1.2.3', '10.0.0.0/8', 'secure:1'],
    ['https://[fd00::1]', 'fd00::/8', undefined],
    ['https://10.1.2.3', 'nothing, 10.1.2.3', undefined],
    ['https://API.corp', 'API.CORP', undefined],
  ])('for %s with NO_PROXY=%s is %s', (server, noProxy, expected) => {
    expect(chosen(server, noProxy)).toBe(expected)
  })

  it('is the kubeconfig’s before all others, for loopback too', () => {
    expect(chosen('https://127.0.0.1', '*', 'http://own:3')).toBe('own:3')
  })

  it('knows the lower-case names', () => {
    const server = new URL('https://api.corp')
    expect(proxyOf(server, undefined, { https_proxy: 'low:4' })?.host).toBe('low:4')
  })
})
