import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { HttpGet } from '../../../src/lab/api/kinds/pod.ts'
import { httpGet } from '../../../src/lab/kubelet/http-get.ts'
import { type ProbeTarget, runProbe } from '../../../src/lab/kubelet/probes/run-probe.ts'

const pem = (name: string) =>
  readFileSync(new URL(`../../support/tls/${name}`, import.meta.url), 'utf8')

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

async function listen(made: Server): Promise<number> {
  server = made
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return (made.address() as AddressInfo).port
}

const get = (action: HttpGet) =>
  httpGet(
    { action, container: { name: 'web' }, podIp: '127.0.0.1', userAgent: 'kube-probe/1.33' },
    2_000,
  )

describe('an httpGet probe', () => {
  it('follows redirects on its host, and gives one to another host as the answer', async () => {
    const port = await listen(
      createHttpServer(({ url }, response) => {
        if (url === '/') response.writeHead(302, { location: '/login' }).end()
        else if (url === '/login') response.writeHead(500).end()
        else if (url === '/round') response.writeHead(302, { location: '/round' }).end()
        else response.writeHead(307, { location: 'http://other.example/' }).end('moved')
      }),
    )
    expect(await get({ port })).toMatchObject({ value: { status: 500 } })
    expect(await get({ port, path: '/away' })).toMatchObject({
      value: { status: 307, body: 'moved' },
    })
    expect(await get({ port, path: '/round' })).toMatchObject({
      error: expect.stringContaining('stopped after 10 redirects') as string,
    })
    const target = {
      container: { name: 'web' },
      podIp: '127.0.0.1',
      process: undefined as unknown as ProbeTarget['process'],
    }
    expect(await runProbe({ httpGet: { port, path: '/away' } }, target)).toEqual({
      succeeded: true,
      message: '',
      warning: 'Probe terminated redirects, Response body: moved',
    })
  })

  it('over HTTPS takes any certificate, as the kubelet does', async () => {
    const answer: RequestListener = (_request, response) => response.writeHead(204).end()
    const tls = { cert: pem('expired.pem'), key: pem('expired.key') }
    const port = await listen(createHttpsServer(tls, answer))
    expect(await get({ port, scheme: 'HTTPS', path: '/ready' })).toMatchObject({
      value: { status: 204 },
    })
  })

  it('over HTTPS to a server without TLS fails in the words of Go', async () => {
    const port = await listen(createHttpServer((_request, response) => response.end()))
    expect(await get({ port, scheme: 'HTTPS', path: '/ready' })).toEqual({
      ok: false,
      error: `Get "https://127.0.0.1:${String(port)}/ready": http: server gave HTTP response to HTTPS client`,
    })
  })

  it('sends the headers of the manifest, Host and User-Agent too, and names itself otherwise', async () => {
    const seen: IncomingHttpHeaders[] = []
    const port = await listen(
      createHttpServer((request, response) => {
        seen.push(request.headers)
        response.end()
      }),
    )
    const httpHeaders = [
      { name: 'Host', value: 'shop.example' },
      { name: 'X-Check', value: '1' },
      { name: 'User-Agent', value: 'mine' },
    ]
    await get({ port, httpHeaders })
    await get({ port })
    expect(seen[0]).toMatchObject({ host: 'shop.example', 'x-check': '1', 'user-agent': 'mine' })
    expect(seen[1]).toMatchObject({ 'user-agent': 'kube-probe/1.33', accept: '*/*' })
  })
})
