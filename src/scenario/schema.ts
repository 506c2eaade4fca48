import { z } from 'zod'
import { parseDurationUs } from '../base/units.ts'
import { readExpectation } from './read-expectation.ts'
import { readSchedule } from './read-schedule.ts'

/** What a person writes, as a zod schema; `docs/schema/scenario.schema.json` is generated from it. */

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

const name = z
  .string()
  .regex(NAME, 'must be a Kubernetes name: lower-case letters, digits, - and .')

const duration = z
  .string({ error: 'must be a duration with a unit, such as 250ms, 10s or 1m30s' })
  .refine((text) => (parseDurationUs(text) ?? 0) > 0, {
    error: 'must be a duration above 0 with a unit, such as 250ms, 10s or 1m30s',
  })

const line = z.string().regex(/^[^\r\n\0]*$/, 'must not hold line breaks')

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const request = z.strictObject({
  method: z.enum(METHODS).default('GET'),
  path: line.regex(/^\/[\x21-\x7e]*$/, 'must begin with / and hold no blanks'),
  headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), line).default({}),
  body: z.string().max(1_000_000).optional(),
  tag: z
    .string()
    .regex(/^[\w.-]{1,60}$/, 'must be a short word')
    .optional(),
  weight: z.int().min(1).max(1_000).default(1),
  expect: z
    .strictObject({
      status: z.union([z.int(), z.array(z.int()).min(1)], {
        error: 'must be a status, or a list of statuses',
      }),
    })
    .optional(),
})

const shortRequest = z
  .string()
  .regex(
    new RegExp(`^(?:(?:${METHODS.join('|')}) )?/[\\x21-\\x7e]*$`),
    `must be a path, or a method (${METHODS.join(', ')}) and a path: GET /`,
  )

const load = z.strictObject({
  schedule: z.string().superRefine((text, context) => {
    const read = readSchedule(text)
    if (!Array.isArray(read)) {
      context.addIssue({
        code: 'custom',
        message: read.message,
        params: { offset: read.offset, length: read.length },
      })
    }
  }),
  connections: z.enum(['reuse', 'new', 'both']).default('both'),
  timeout: duration.default('5s'),
  maxConnections: z.int().min(1).max(60_000).default(4_096),
  identityHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/, 'must be the name of a header')
    .default('X-Pod-Name'),
  requests: z
    .array(z.union([shortRequest, request]))
    .min(1)
    .max(1_000)
    .default(['GET /']),
})

const podCount = z.union([
  z.int().min(1),
  z.literal('all'),
  z
    .string()
    .regex(/^(?:[1-9]\d?|100)%$/, 'must be a number of pods, a percentage such as 50%, or all'),
])

/** The keys of a step; exactly one is given. */
const STEP_KEYS = ['wait', 'scale', 'restart', 'image', 'patch', 'delete pods'] as const

const jsonObject = z.record(z.string(), z.unknown())

const step = z
  .strictObject({
    wait: z
      .string()
      .refine(
        (text) => text === 'settled' || text === 'ready' || (parseDurationUs(text) ?? 0) > 0,
        {
          error: 'must be a duration such as 10s, or settled, or ready',
        },
      )
      .optional(),
    scale: z.strictObject({ replicas: z.int().min(0).max(10_000) }).optional(),
    restart: z.union([z.null(), z.strictObject({})]).optional(),
    image: z.strictObject({ image: line.min(1), container: name.optional() }).optional(),
    patch: z.strictObject({ template: jsonObject, strategy: jsonObject.optional() }).optional(),
    'delete pods': z
      .strictObject({
        count: podCount.default(1),
        gracePeriodSeconds: z.int().min(0).max(86_400).optional(),
      })
      .optional(),
  })
  .superRefine((keys, context) => {
    const given = Object.keys(keys)
    if (given.length !== 1) {
      context.addIssue({
        code: 'custom',
        message: `a step has exactly one of ${STEP_KEYS.join(', ')}; this one has ${
          given.length === 0 ? 'none' : given.join(' and ')
        }`,
      })
    }
  })

const through = z
  .string()
  .refine((text) => /^(?:service|svc|ingress|ing)\/[a-z0-9.-]+$/.test(text) || isHttpUrl(text), {
    error: 'must be service/NAME, ingress/NAME or http://HOST[:PORT]',
  })

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url?.protocol === 'http:' && url.username === '' && url.pathname === '/' && url.search === ''
  )
}

/** A scenario file. */
export const scenarioSchema = z.strictObject({
  podtank: z.literal(1, { error: 'must be 1, the version of the format' }),
  name: name.max(60),
  about: z.string().max(2_000).optional(),
  target: z.strictObject({
    workload: z
      .string()
      .regex(/^(?:deployment|deploy)\/[a-z0-9][a-z0-9.-]*$/, 'must be deployment/NAME'),
    through,
    namespace: name.optional(),
  }),
  load,
  steps: z.array(step).min(1).max(1_000),
  expect: z
    .array(
      z.string().superRefine((text, context) => {
        const read = readExpectation(text)
        if (typeof read === 'string') context.addIssue({ code: 'custom', message: read })
      }),
    )
    .default(['failed == 0']),
  manifests: z.array(z.string().min(1)).max(100).default([]),
  lab: z.strictObject({ seed: z.int().min(0).max(0xffff_ffff).default(1) }).optional(),
})

/** A scenario file that fits the schema, defaults filled in. */
export type ScenarioFile = z.output<typeof scenarioSchema>
