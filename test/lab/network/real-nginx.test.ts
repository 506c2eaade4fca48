import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { findProgram } from '../../../src/lab/apps/find-program.ts'
import type {
  IngressProxy,
  IngressProxyOptions,
} from '../../../src/lab/network/ingress/ingress-proxy.ts'
import { createNginxProxy } from '../../../src/lab/network/ingress/nginx/nginx-proxy.ts'
import { realNginx } from '../../../src/lab/network/ingress/profiles/real-nginx.ts'
import { answerOk, refusingPort, startPod } from './test-network.ts'
import type { Address } from './test-network.ts'

const binary = findProgram(['nginx'])

describe.skipIf(binary === undefined)(
  `an Ingress of the real nginx${binary === undefined ? ' (skipped: nginx is not installed)' : ''}`,
  () => {
    let proxy: IngressProxy
    let ingress: Address
    let directory = ''
    let answers: Parameters<IngressProxyOptions['onAnswer']>[0][] = []
    beforeEach(async () => {
      answers = []
      directory = mkdtempSync(join(tmpdir(), 'podtank-nginx-'))
      ingress = await new Promise<Address>((resolve) => {
        proxy = createNginxProxy({
          random: random(1),
          profile: realNginx,
          binary: binary ?? '',
          directory,
          addresses: [{ host: '127.0.0.1', port: 0 }],
          onAnswer: (answer) => answers.push(answer),
          onBound: resolve,
        })
      })
    })
    afterEach(async () => {
      proxy.close()
      // Its keeper takes the directory away when nginx has ended.
      await vi.waitFor(() => expect(readdirSync(directory)).toEqual([]), { timeout: 10_000 })
    })

    const peer = ({ port }: { port: number }, pod: string) => ({ pod, address: '127.0.0.1', port })
    const get = async (path: string) => {
      const answer = await fetch(`http://${ingress.host}:${ingress.port}${path}`, {
        headers: { connection: 'close' },
      })
      await answer.arrayBuffer()
      return answer.status
    }
    /** Ten in a row: until its old workers have left, a reloaded nginx may still answer as before. */
    const until = (path: string, status: number) =>
      vi.waitFor(
        async () => {
          for (let nth = 0; nth < 10; nth++) expect(await get(path)).toBe(status)
        },
        { timeout: 10_000 },
      )

    it('serves the routes that it is told of, and others after a reload', async () => {
      const pod = await startPod(answerOk)
      await until('/', 404)
      proxy.setRoutes([{ path: '/shop', match: 'element', peers: [peer(pod, 'web-1')] }])
      await until('/shop/cart', 200)
      await until('/shopping', 404)
      proxy.setRoutes([{ path: '/', match: 'default', peers: [] }])
      await until('/shop', 503)
      pod.stop()
    })

    it('tries another pod when one refuses, and tells the truth of a request that failed', async () => {
      const pod = await startPod(answerOk)
      const gone = { port: await refusingPort() }
      const peers = [peer(gone, 'web-0'), peer(pod, 'web-1')]
      proxy.setRoutes([{ path: '/', match: 'default', peers }])
      await until('/', 200)
      answers = []
      proxy.setRoutes([{ path: '/', match: 'default', peers: [peer(gone, 'web-0')] }])
      await until('/', 502)
      await vi.waitFor(() => {
        const [answer] = answers.filter(({ status }) => status === 502)
        expect(answer).toMatchObject({
          status: 502,
          fault: 'refused',
          tries: [{ pod: 'web-0', how: 'refused' }],
        })
        expect(answer?.clientPort).toBeGreaterThan(0)
      })
      pod.stop()
    })
  },
)
