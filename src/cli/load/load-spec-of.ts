import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Problem } from '../../base/problem.ts'
import type { LoadSpec, RequestSpec, TlsSpec } from '../../scenario/scenario.ts'
import { flagProblem } from './flag-problem.ts'
import type { LoadFlags } from './load-flags.ts'
import { readBody } from './read-body.ts'
import type { FlagReader } from './read-flags.ts'

interface Parts {
  /** Of the file, or the defaults, which have no requests. */
  readonly base: LoadSpec
  readonly flags: LoadFlags
  readonly cwd: string
  readonly reader: FlagReader
  /** Path and query of the URL. */
  readonly path: string
}

const MAX_CONNECTIONS = 60_000
const MAX_THREADS = 64

/** The load that flags and file mean together; what is wrong goes to the reader's problems. */
export function loadSpecOf(parts: Parts): LoadSpec {
  const { base, flags, reader, cwd } = parts
  const { maxRequestsPerConnection, maxConnectionAge, threads } = flags
  const most =
    maxRequestsPerConnection &&
    reader.wholeNumber('--max-requests-per-connection', maxRequestsPerConnection, 1e9)
  const ageUs = maxConnectionAge && reader.duration('--max-connection-age', maxConnectionAge)
  const threadCount = threads && reader.wholeNumber('--threads', threads, MAX_THREADS)
  const headers = { ...base.headers, ...reader.headers(flags.header) }
  const tls = { ...base.tls, ...tlsOf(flags, cwd, reader) }
  if (flags.http === '2' && flags.engine === 'raw') {
    reader.problems.push(
      flagProblem('--engine', 'raw', 'raw speaks HTTP/1.1 only; leave --engine out'),
    )
  }
  return {
    ...without(base, ['users', 'ammo']),
    ...amountOf(parts),
    ...whatOf(parts),
    ...(flags.connections && { connections: flags.connections }),
    ...(flags.timeout !== undefined && {
      timeoutUs: reader.duration('--timeout', flags.timeout) ?? base.timeoutUs,
    }),
    ...(flags.maxConnections !== undefined && {
      maxConnections:
        reader.wholeNumber('--max-connections', flags.maxConnections, MAX_CONNECTIONS) ??
        base.maxConnections,
    }),
    ...(typeof most === 'number' && { maxRequestsPerConnection: most }),
    ...(typeof ageUs === 'number' && { maxConnectionAgeUs: ageUs }),
    ...(typeof threadCount === 'number' && { threads: threadCount }),
    ...(flags.pace && { pace: flags.pace }),
    ...(flags.engine && { engine: flags.engine }),
    ...(flags.http && { http: flags.http }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(tls).length > 0 && { tls }),
  }
}

const without = <Value extends object, Key extends keyof Value>(
  value: Value,
  keys: readonly Key[],
): Omit<Value, Key> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as Key))) as Omit<
    Value,
    Key
  >

function amountOf({ base, flags, reader }: Parts): Pick<LoadSpec, 'schedule' | 'users'> {
  const { schedule, users, duration } = flags
  if (schedule !== undefined && users !== undefined) {
    reader.problems.push(flagProblem('--users', users, 'a load has a schedule or users, not both'))
  }
  if (duration !== undefined) {
    reader.duration('--duration', duration)
    reader.problems.push(...uselessDuration(duration, flags))
  }
  if (users !== undefined) {
    return { schedule: [], users: reader.users(users, duration) ?? [] }
  }
  const text = schedule ?? (duration === undefined ? undefined : '100')
  if (text === undefined) {
    return { schedule: base.schedule, ...(base.users && { users: base.users }) }
  }
  return { schedule: reader.schedule(text, duration) ?? [] }
}

/** `--duration` is of a bare number; words have a time of their own, and so has the load of a file. */
function uselessDuration(
  duration: string,
  { schedule, users, file }: LoadFlags,
): readonly Problem[] {
  const flag = schedule === undefined ? '--users' : '--schedule'
  const amount = schedule ?? users
  if (amount === undefined && file === undefined) return []
  if (amount !== undefined && /^\d+(?:\.\d+)?$/.test(amount)) return []
  const message =
    amount === undefined
      ? `how long the load lasts is said in ${file ?? ''}; to send another one, add -s RATE or -u USERS`
      : `${flag} says itself how long it lasts: ${amount}; change the times there, or give ${flag} a number only`
  return [flagProblem('--duration', duration, message)]
}

/** The requests: of an ammo file, of the file, or the one that URL and flags make. */
function whatOf({ base, flags, cwd, reader, path }: Parts): Pick<LoadSpec, 'requests' | 'ammo'> {
  const hasOwn = flags.ammo !== undefined || base.ammo !== undefined || !isPlain(base.requests)
  if (hasOwn) {
    const source = flags.ammo ?? flags.file ?? ''
    for (const [flag, value] of [
      ['--method', flags.method],
      ['--data', flags.data],
    ] as const) {
      if (value !== undefined) {
        reader.problems.push(flagProblem(flag, value, `the requests come from ${source}`))
      }
    }
    if (path !== '/') {
      reader.problems.push(flagProblem('URL', path, `the paths come from ${source}`))
    }
  }
  if (flags.ammo !== undefined) {
    if (flags.ammoFormat === undefined) {
      reader.problems.push(flagProblem('--ammo', flags.ammo, 'name its form with --ammo-format'))
      return { requests: [] }
    }
    return { requests: [], ammo: { path: resolve(cwd, flags.ammo), format: flags.ammoFormat } }
  }
  if (hasOwn) return { requests: base.requests, ...(base.ammo && { ammo: base.ammo }) }
  return { requests: [requestOf(flags, path, cwd, reader)] }
}

/** None, or the one that a file without requests has: `GET /`. */
function isPlain(requests: readonly RequestSpec[]): boolean {
  const plain: RequestSpec = { method: 'GET', path: '/', headers: {}, weight: 1, okStatuses: [] }
  return requests.every((request) => isDeepStrictEqual(request, plain)) && requests.length <= 1
}

function requestOf(flags: LoadFlags, path: string, cwd: string, reader: FlagReader): RequestSpec {
  const body = flags.data === undefined ? undefined : readBody(flags.data, cwd)
  if (body && !body.ok) reader.problems.push(body.error)
  const method = flags.method === undefined ? undefined : reader.method(flags.method)
  return {
    method: method ?? (body ? 'POST' : 'GET'),
    path,
    headers: {},
    weight: 1,
    okStatuses: [],
    ...(body?.ok && { body: body.value }),
  }
}

function tlsOf(flags: LoadFlags, cwd: string, reader: FlagReader): TlsSpec {
  const { insecure, cacert, cert, key, serverName } = flags
  if ((cert === undefined) !== (key === undefined)) {
    reader.problems.push(
      flagProblem(
        cert === undefined ? '--key' : '--cert',
        cert ?? key ?? '',
        '--cert and --key go together',
      ),
    )
  }
  return {
    ...(insecure && { insecure }),
    ...(cacert !== undefined && { caPath: resolve(cwd, cacert) }),
    ...(cert !== undefined && { certPath: resolve(cwd, cert) }),
    ...(key !== undefined && { keyPath: resolve(cwd, key) }),
    ...(serverName !== undefined && { serverName }),
  }
}
