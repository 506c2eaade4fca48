import type { Peer } from '../../peer.ts'
import type { ListenAddress } from '../../listen-on-first.ts'
import type { Route } from '../ingress-routes.ts'
import type { IngressProfile } from '../profile.ts'

/** The access log, one JSON object a line; read by `readAccessLog`. */
export const ACCESS_LOG = 'access.ndjson'

const LOG_FORMAT = `'{"port":$remote_port,"status":$status,"at":$msec,"whole":"$request_completion",'
    '"peers":"$upstream_addr","statuses":"$upstream_status","connects":"$upstream_connect_time"}'`

export interface NginxConfOptions {
  readonly profile: IngressProfile
  readonly address: ListenAddress
  readonly routes: readonly Route[]
  /** nginx has root's rights and must not give them away: its directory is root's alone. */
  readonly isRoot: boolean
}

/** The nginx.conf of a controller that knows these routes; paths in it are relative to nginx's prefix. */
export function nginxConf({ profile, address, routes, isRoot }: NginxConfOptions): string {
  const { upstream, retry } = profile
  const hosts = [...new Set(routes.map(({ host }) => host))]
  // A request for no host of ours is answered by the rules that have none.
  const servers = hosts.includes(undefined) ? hosts : [...hosts, undefined]
  return `${isRoot ? 'user root;\n' : ''}daemon off;
worker_processes 2;
pid nginx.pid;
error_log error.log notice;
events { worker_connections 8192; }
http {
  log_format truth escape=none ${LOG_FORMAT};
  access_log ${ACCESS_LOG} truth;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  client_max_body_size ${bytes(upstream.largestBodyBytes)};
  keepalive_timeout 75s;
  keepalive_requests 1000000;
  server_names_hash_bucket_size 512;
  proxy_http_version 1.1;
  proxy_set_header Connection '';
  proxy_set_header Host $http_host;
  proxy_connect_timeout ${upstream.connectMs}ms;
  proxy_read_timeout ${upstream.readMs}ms;
  proxy_send_timeout ${upstream.readMs}ms;
  proxy_next_upstream error timeout;
  proxy_next_upstream_tries ${retry.tries};
${routes.map((route, at) => upstreamOf(route.peers, at, upstream.idleConnections)).join('')}${servers
    .map((host) => serverOf(host, address, routes))
    .join('')}}
`
}

const bytes = (count: number) => (Number.isFinite(count) ? String(count) : '0')

function upstreamOf(peers: readonly Peer[], at: number, idleConnections: number): string {
  if (peers.length === 0) return ''
  const servers = peers.map(({ address, port }) => `server ${address}:${port} max_fails=0; `)
  return `  upstream u${at} { ${servers.join('')}keepalive ${idleConnections}; }\n`
}

function serverOf(
  host: string | undefined,
  { host: ip, port }: ListenAddress,
  routes: readonly Route[],
): string {
  const places = new Map<string, string>()
  const add = (location: string, place: string) => {
    if (!places.has(location)) places.set(location, place)
  }
  for (const [at, route] of routes.entries()) {
    if (route.host !== host && route.match !== 'default') continue
    const place = route.peers.length === 0 ? 'return 503;' : `proxy_pass http://u${at};`
    for (const location of locationsOf(route)) add(location, place)
  }
  add('/', 'return 404;')
  const isDefault = host === undefined ? ' default_server' : ''
  const locations = [...places].map(
    ([location, place]) => `    location ${location} { ${place} }\n`,
  )
  return `  server {
    listen ${ip}:${port}${isDefault} backlog=4096;
    server_name ${host ?? '_'};
${locations.join('')}  }
`
}

/** Paths are quoted: what a path may hold, nginx's grammar may not. */
function locationsOf({ path, match }: Route): string[] {
  const quoted = (text: string) => JSON.stringify(text)
  if (match === 'default' || path === '/') return ['/']
  if (match === 'exact') return [`= ${quoted(path)}`]
  if (match === 'text') return [quoted(path)]
  const prefix = path.replace(/\/$/, '')
  return [`= ${quoted(prefix)}`, quoted(`${prefix}/`)]
}
