import { createServer, connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicUs } from '../../../../base/clock.ts'
import { listenOnFirst, type ListenAddress } from '../../listen-on-first.ts'
import type { IngressProxy, IngressProxyOptions } from '../ingress-proxy.ts'
import type { Route } from '../ingress-routes.ts'
import { followLines } from './follow-lines.ts'
import { ACCESS_LOG, nginxConf } from './nginx-conf.ts'
import { readAccessLog } from './read-access-log.ts'
import { type Nginx, runNginx } from './run-nginx.ts'

export interface NginxProxyOptions extends IngressProxyOptions {
  readonly binary: string
  readonly directory: string
}

const ASK_EVERY_MS = 20
const US_PER_MS = 1_000

/** The proxy of one Ingress as the real nginx, which is told of other pods by a reload. */
export function createNginxProxy(options: NginxProxyOptions): IngressProxy {
  const { profile, binary, directory } = options
  const isRoot = process.getuid?.() === 0
  const pods = new Map<string, string>()
  const closing = new AbortController()
  let routes: readonly Route[] = []
  let known = ''
  let nginx: Nginx | undefined
  let address: ListenAddress | undefined

  const conf = (at: ListenAddress) => nginxConf({ profile, address: at, routes, isRoot })
  const start = async () => {
    address = await firstFree(options.addresses)
    if (!address || closing.signal.aborted) return
    known = conf(address)
    nginx = runNginx(binary, directory, known)
    const stop = followLines(join(nginx.directory, ACCESS_LOG), (line) => {
      const logged = readAccessLog(line, (peer) => pods.get(peer) ?? '')
      if (logged) options.onAnswer(logged.answer, monotonicAt(logged.atEpochMs))
    })
    closing.signal.addEventListener('abort', stop)
    if (await isListening(address, closing.signal)) options.onBound(address)
  }
  void start()
  return {
    setRoutes(next) {
      routes = next
      for (const { pod, address: ip, port } of next.flatMap(({ peers }) => peers)) {
        pods.set(`${ip}:${port}`, pod)
      }
      const wanted = address && conf(address)
      if (!nginx || wanted === undefined || wanted === known) return
      known = wanted
      nginx.reload(wanted)
    },
    cut: () => undefined,
    close() {
      closing.abort()
      nginx?.close()
    },
  }
}

const monotonicAt = (epochMs: number): number =>
  Math.round(monotonicUs() - (Date.now() - epochMs) * US_PER_MS)

/** nginx binds it itself a moment later. */
async function firstFree(addresses: Iterable<ListenAddress>): Promise<ListenAddress | undefined> {
  const probe = createServer()
  const address = await listenOnFirst(probe, addresses)
  if (!address) return undefined
  probe.close()
  await once(probe, 'close')
  return address
}

async function isListening(address: ListenAddress, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const socket = connect(address.port, address.host)
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return true
    await sleep(ASK_EVERY_MS)
  }
  return false
}
