import { BlockList, isIP } from 'node:net'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The proxy on the way to `server`: the kubeconfig's `proxy-url`, else HTTPS_PROXY or HTTP_PROXY unless NO_PROXY
 * names the server, by Go's rules: loopback is never proxied, `.example.com` and `example.com` mean what is below,
 * addresses and CIDR blocks, a port, `*`. Undefined for none; throws for one that is no URL.
 */
export function proxyOf(server: URL, proxyUrl: string | undefined, env: Env): URL | undefined {
  if (proxyUrl) return new URL(proxyUrl)
  const isSecure = server.protocol === 'https:'
  const proxy = isSecure
    ? (env['HTTPS_PROXY'] ?? env['https_proxy'])
    : (env['HTTP_PROXY'] ?? env['http_proxy'])
  if (!proxy || isExcepted(server, env['NO_PROXY'] ?? env['no_proxy'] ?? '')) return undefined
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
}

function isExcepted(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return isInBlock(entry, host)
  const [, bare = entry, onlyPort] = /^(\[[^\]]+\]|[^:]*):(\d+)$/.exec(entry) ?? []
  if (onlyPort !== undefined && onlyPort !== port) return false
  const name = bare.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '')
  if (isIP(name)) return name === host
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`)
}

function isInBlock(block: string, host: string): boolean {
  const family = isIP(host)
  const [network = '', bits = ''] = block.split('/')
  if (family === 0 || isIP(network) !== family) return false
  const list = new BlockList()
  const type = family === 6 ? 'ipv6' : 'ipv4'
  list.addSubnet(network, Number(bits), type)
  return list.check(host, type)
}
