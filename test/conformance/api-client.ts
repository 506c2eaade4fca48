import { readFileSync } from 'node:fs'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { parse } from 'yaml'

/** How to reach an API server: what a kubeconfig's current context says. */
export interface ApiAccess {
  readonly server: string
  readonly options: RequestOptions & { ca?: Buffer; cert?: Buffer; key?: Buffer }
}

interface Kubeconfig {
  readonly 'current-context': string
  readonly contexts: readonly { name: string; context: { cluster: string; user: string } }[]
  readonly clusters: readonly { name: string; cluster: Record<string, string> }[]
  readonly users: readonly { name: string; user: Record<string, string> }[]
}

export function accessOfKubeconfig(path: string): ApiAccess {
  const config = parse(readFileSync(path, 'utf8')) as Kubeconfig
  const context = config.contexts.find(({ name }) => name === config['current-context'])?.context
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster ?? {}
  const user = config.users.find(({ name }) => name === context?.user)?.user ?? {}
  const bytes = (members: Record<string, string>, key: string): Buffer | undefined => {
    const data = members[`${key}-data`]
    if (data !== undefined) return Buffer.from(data, 'base64')
    return members[key] === undefined ? undefined : readFileSync(members[key])
  }
  const files = {
    ca: bytes(cluster, 'certificate-authority'),
    cert: bytes(user, 'client-certificate'),
    key: bytes(user, 'client-key'),
  }
  const known = Object.entries(files).filter(([, value]) => value !== undefined)
  const token = user['token']
  return {
    server: cluster['server'] ?? '',
    options: {
      ...(Object.fromEntries(known) as ApiAccess['options']),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    },
  }
}

/** Sends one request and gives the response as it begins. */
export function send(
  access: ApiAccess,
  request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  },
): Promise<IncomingMessage> {
  const { method, path, body } = request
  const headers = { ...(access.options.headers as object), ...request.headers }
  const start = access.server.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = start(access.server + path, { ...access.options, method, headers }, resolve)
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
