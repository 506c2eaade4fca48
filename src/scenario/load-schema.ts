import { z } from 'zod'
import { parseDurationUs } from '../base/units.ts'
import { readSchedule } from './read-schedule.ts'
import { readSizeBytes } from './read-size.ts'
import { hasVariables, readTemplate } from './read-template.ts'
import { readUsers } from './read-users.ts'
import type { WordsError } from './read-words.ts'
import { headersSchema, requestSchema, responseExpectationSchema } from './request-schema.ts'
import { AMMO_FORMATS } from './scenario.ts'

const duration = z
  .string({ error: 'must be a duration with a unit, such as 250ms, 10s or 1m30s' })
  .refine((text) => (parseDurationUs(text) ?? 0) > 0, {
    error: 'must be a duration above 0 with a unit, such as 250ms, 10s or 1m30s',
  })

const words = (read: (text: string) => readonly object[] | WordsError) =>
  z.string().superRefine((text, context) => {
    const result = read(text)
    if ('message' in result) {
      context.addIssue({
        code: 'custom',
        message: result.message,
        params: { offset: result.offset, length: result.length },
      })
    } else if (
      result.every((part) => 'durationUs' in part && part.durationUs === 0 && 'toUsers' in part)
    ) {
      context.addIssue({ code: 'custom', message: 'it lasts no time: add wait(time)' })
    }
  })

const filePath = z.string().min(1).max(4_096)

const SIZE = 'must be a size such as 64MiB or 10kB, or a number of bytes'

const size = z.union(
  [z.int().min(1), z.string().refine((text) => (readSizeBytes(text) ?? 0) >= 1, { error: SIZE })],
  { error: SIZE },
)

const load = z.strictObject({
  schedule: words(readSchedule).optional(),
  users: words(readUsers).optional(),
  connections: z.enum(['reuse', 'new', 'both']).default('both'),
  maxRequestsPerConnection: z.int().min(1).optional(),
  maxConnectionAge: duration.optional(),
  timeout: duration.default('5s'),
  maxConnections: z.int().min(1).max(60_000).default(4_096),
  maxResponseSize: size.optional(),
  identityHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/, 'must be the name of a header')
    .default('X-Pod-Name'),
  headers: headersSchema.optional(),
  requests: z.array(requestSchema).min(1).max(1_000).optional(),
  ammo: z
    .strictObject({
      file: filePath,
      format: z.enum(AMMO_FORMATS),
      loops: z.int().min(1).optional(),
      limit: z.int().min(1).optional(),
      expect: responseExpectationSchema.optional(),
    })
    .optional(),
  csv: filePath.optional(),
  threads: z.int().min(1).max(64).optional(),
  pace: z.enum(['timer', 'spin']).optional(),
  engine: z.enum(['raw', 'undici']).optional(),
  http: z.literal(['1.1', '2', 1.1, 2], { error: 'must be 1.1 or 2' }).optional(),
  tls: z
    .strictObject({
      insecure: z.boolean().optional(),
      ca: filePath.optional(),
      cert: filePath.optional(),
      key: filePath.optional(),
      serverName: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,253}$/, 'must be the name of a host')
        .optional(),
    })
    .refine((tls) => (tls.cert === undefined) === (tls.key === undefined), {
      error: 'cert and key belong together; here is only one of them',
    })
    .optional(),
})

/** `load:`; what goes together is checked too. */
export const loadSchema = load.superRefine((keys, context) => {
  for (const { path, message } of conflicts(keys)) {
    context.addIssue({ code: 'custom', path: [...path], message })
  }
})

/** A `load:` that fits the schema, defaults filled in. */
export type LoadFilePart = z.output<typeof loadSchema>

interface Conflict {
  readonly path: readonly string[]
  readonly message: string
}

const MAX_WEIGHT = 100_000

function conflicts(keys: z.output<typeof load>): readonly Conflict[] {
  const found: Conflict[] = []
  const say = (path: readonly string[], message: string) => found.push({ path, message })
  if (keys.schedule === undefined && keys.users === undefined) {
    say([], 'schedule (requests per second) or users is missing')
  }
  if (keys.schedule !== undefined && keys.users !== undefined) {
    say(['users'], 'a load has either schedule or users, not both')
  }
  if (keys.requests && keys.ammo) {
    say(['ammo'], 'a load has either requests or ammo, not both')
  }
  if (keys.engine === 'raw' && String(keys.http) === '2') {
    say(['engine'], 'raw speaks HTTP/1.1 only; leave it out for HTTP/2')
  }
  const weights = (keys.requests ?? []).map((one) => (typeof one === 'string' ? 1 : one.weight))
  if (weights.reduce((sum, weight) => sum + weight, 0) > MAX_WEIGHT) {
    say(['requests'], `the weights add up to more than ${MAX_WEIGHT}`)
  }
  if (keys.ammo && Object.values(keys.headers ?? {}).some(hasVariables)) {
    say(['headers'], 'variables are for requests, not for ammo')
  }
  if (keys.csv === undefined && textsOf(keys).some(namesColumn)) {
    say([], 'csv is missing: a request has a column of it')
  }
  return found
}

function textsOf({ requests = [], headers = {} }: z.output<typeof load>): readonly string[] {
  return [
    ...Object.values(headers),
    ...requests.flatMap((one) =>
      typeof one === 'string' ? one : [one.path, one.body ?? '', ...Object.values(one.headers)],
    ),
  ]
}

function namesColumn(text: string): boolean {
  const template = readTemplate(text)
  return (
    !('message' in template) &&
    template.some((part) => typeof part !== 'string' && part.name === 'csv')
  )
}
