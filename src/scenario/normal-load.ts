import { dirname, resolve } from 'node:path'
import { parseDurationUs } from '../base/units.ts'
import type { LoadFilePart } from './load-schema.ts'
import { readJsonPath } from './read-json-path.ts'
import { readSchedule } from './read-schedule.ts'
import { readSizeBytes } from './read-size.ts'
import { readUsers } from './read-users.ts'
import type { RequestFile, ResponseExpectationFile } from './request-schema.ts'
import type {
  AmmoSpec,
  BodyExpectation,
  LoadSpec,
  RequestSpec,
  ResponseExpectation,
  SchedulePart,
  TlsSpec,
  UsersPart,
} from './scenario.ts'

/** Turns a `load:` that fits the schema into its normal form; `file` is the file that it is in. */
export function normalLoad(load: LoadFilePart, file: string): LoadSpec {
  const absolute = (path: string) => resolve(dirname(file), path)
  return {
    schedule: load.schedule === undefined ? [] : (readSchedule(load.schedule) as SchedulePart[]),
    ...(load.users !== undefined && { users: readUsers(load.users) as UsersPart[] }),
    connections: load.connections,
    ...given('maxRequestsPerConnection', load.maxRequestsPerConnection),
    ...given('maxConnectionAgeUs', parseDurationUs(load.maxConnectionAge ?? '')),
    timeoutUs: parseDurationUs(load.timeout) ?? 0,
    maxConnections: load.maxConnections,
    ...given('maxResponseBytes', bytesOf(load.maxResponseSize)),
    identityHeader: load.identityHeader.toLowerCase(),
    ...given('headers', load.headers),
    requests: load.ammo ? [] : (load.requests ?? ['GET /']).map(requestOf),
    ...(load.ammo && { ammo: ammoOf(load.ammo, absolute) }),
    ...given('csvPath', pathOf(load.csv, absolute)),
    ...given('threads', load.threads),
    ...given('pace', load.pace),
    ...given('engine', load.engine),
    ...(load.http !== undefined && { http: String(load.http) === '2' ? '2' : '1.1' }),
    ...(load.tls && { tls: tlsOf(load.tls, absolute) }),
  }
}

/** `{ [key]: value }`, or nothing when there is no value. */
const given = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> =>
  value === undefined ? {} : ({ [key]: value } as Record<Key, Value>)

const pathOf = (path: string | undefined, absolute: Absolute): string | undefined =>
  path === undefined ? undefined : absolute(path)

const bytesOf = (size: string | number | undefined): number | undefined =>
  typeof size === 'string' ? readSizeBytes(size) : size

function requestOf(request: RequestFile): RequestSpec {
  if (typeof request === 'string') {
    const [first = '', second] = request.split(' ')
    return {
      method: second === undefined ? 'GET' : first,
      path: second ?? first,
      headers: {},
      weight: 1,
      okStatuses: [],
    }
  }
  const { expect, body, tag, ...rest } = request
  return {
    ...rest,
    ...(body !== undefined && { body }),
    ...(tag !== undefined && { tag }),
    ...expectedOf(expect),
  }
}

function expectedOf(expect: ResponseExpectationFile | undefined): ResponseExpectation {
  const headers = Object.entries(expect?.headers ?? {})
  return {
    okStatuses: [expect?.status ?? []].flat().flatMap(statusesOf),
    ...(headers.length > 0 && {
      okHeaders: Object.fromEntries(headers.map(([name, text]) => [name.toLowerCase(), text])),
    }),
    ...(expect?.body && { okBody: bodyOf(expect.body) }),
  }
}

/** `2xx` stands for a hundred statuses, `50x` for ten. */
function statusesOf(status: number | string): number[] {
  if (typeof status === 'number') return [status]
  const first = Number(status.replaceAll('x', '0'))
  const count = 10 ** (status.match(/x/g) ?? []).length
  return Array.from({ length: count }, (_, at) => first + at)
}

function bodyOf(body: NonNullable<ResponseExpectationFile['body']>): BodyExpectation {
  return {
    contains: [body.contains ?? []].flat(),
    not: [body.not ?? []].flat(),
    json: Object.entries(body.json ?? {}).map(([path, value]) => ({
      path: readJsonPath(path) ?? [],
      value,
    })),
  }
}

type Absolute = (path: string) => string

function ammoOf(ammo: NonNullable<LoadFilePart['ammo']>, absolute: Absolute): AmmoSpec {
  return {
    path: absolute(ammo.file),
    format: ammo.format,
    ...given('loops', ammo.loops),
    ...given('limit', ammo.limit),
    ...(ammo.expect && { expected: expectedOf(ammo.expect) }),
  }
}

function tlsOf(tls: NonNullable<LoadFilePart['tls']>, absolute: Absolute): TlsSpec {
  return {
    ...given('insecure', tls.insecure),
    ...given('caPath', pathOf(tls.ca, absolute)),
    ...given('certPath', pathOf(tls.cert, absolute)),
    ...given('keyPath', pathOf(tls.key, absolute)),
    ...given('serverName', tls.serverName),
  }
}
