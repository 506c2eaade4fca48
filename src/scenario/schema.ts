import { z } from 'zod'
import { parseDurationUs } from '../base/units.ts'
import { loadSchema } from './load-schema.ts'
import { readExpectation } from './read-expectation.ts'
import { WORKLOAD_PATTERN, WORKLOAD_WORDS } from './read-workload.ts'
import { LAB_NETWORKS, MAX_STEPS } from './scenario.ts'
import { readStopCriterion } from './read-stop-criterion.ts'
import { readWait } from './read-wait.ts'

/** What a person writes, as a zod schema; `docs/schema/scenario.schema.json` is generated from it. */

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

const name = z
  .string()
  .regex(NAME, 'must be a Kubernetes name: lower-case letters, digits, - and .')

const line = z.string().regex(/^[^\r\n\0]*$/, 'must not hold line breaks')

const podCount = z.union([
  z.int().min(1),
  z.literal('all'),
  z
    .string()
    .regex(/^(?:[1-9]\d?|100)%$/, 'must be a number of pods, a percentage such as 50%, or all'),
])

const jsonObject = z.record(z.string(), z.unknown())

const grace = z.int().min(0).max(86_400).optional()

const DURATION_WORDS = 'must be a duration with a unit, such as 250ms, 10s or 1m30s'

const timeout = z
  .string({ error: DURATION_WORDS })
  .refine((text) => (parseDurationUs(text) ?? 0) > 0, { error: DURATION_WORDS })
  .optional()

const COMMAND_WORDS =
  'must be a list of a program and its arguments, such as [kubectl, annotate, node, n1, a=b]; no shell reads it, so a script is [sh, -c, "…"]'

const command = z
  .array(z.string().regex(/^[^\0]*$/, 'must not hold a NUL'))
  .min(1)
  .max(200)

/** The keys of a step that changes or waits for something by itself. */
const SIMPLE_STEP = {
  wait: z
    .string()
    .superRefine((text, context) => {
      const wait = readWait(text)
      if (typeof wait === 'string') context.addIssue({ code: 'custom', message: wait })
    })
    .optional(),
  scale: z.strictObject({ replicas: z.int().min(0).max(10_000) }).optional(),
  restart: z.union([z.null(), z.strictObject({})]).optional(),
  image: z.strictObject({ image: line.min(1), container: name.optional() }).optional(),
  patch: z
    .strictObject({
      template: jsonObject,
      strategy: jsonObject.optional(),
      updateStrategy: jsonObject.optional(),
    })
    .optional(),
  undo: z.union([z.null(), z.strictObject({ toRevision: z.int().min(1).optional() })]).optional(),
  'delete pods': z
    .strictObject({ count: podCount.default(1), gracePeriodSeconds: grace })
    .optional(),
  evict: z
    .strictObject({ count: podCount.default(1), gracePeriodSeconds: grace, timeout })
    .optional(),
  cordon: z.union([z.null(), z.strictObject({ node: name.optional() })]).optional(),
  drain: z
    .union([
      z.null(),
      z.strictObject({ node: name.optional(), gracePeriodSeconds: grace, timeout }),
    ])
    .optional(),
  'delete workload': z.union([z.null(), z.strictObject({})]).optional(),
  exec: z
    .union([command, z.strictObject({ command, timeout })], { error: COMMAND_WORDS })
    .optional(),
}

/** Exactly one key is given. */
function stepOf<Keys extends z.ZodRawShape>(keys: Keys) {
  const known = Object.keys(keys).join(', ')
  return z.strictObject(keys).superRefine((step, context) => {
    const given = Object.keys(step)
    if (given.length === 1) return
    context.addIssue({
      code: 'custom',
      message: `a step has exactly one of ${known}; this one has ${
        given.length === 0 ? 'none' : given.join(' and ')
      }`,
    })
  })
}

/** The same steps, some times over. */
const repeatOf = <Inner extends z.ZodType>(inner: Inner) =>
  z
    .strictObject({
      times: z.int().min(1).max(MAX_STEPS),
      steps: z.array(inner).min(1).max(MAX_STEPS),
    })
    .optional()

const simpleStep = stepOf(SIMPLE_STEP)
/** Of a branch: what is beside others already is not split up again. */
const branchStep = stepOf({ ...SIMPLE_STEP, repeat: repeatOf(simpleStep) })
const parallel = z
  .array(z.union([branchStep, z.array(branchStep).min(1)]))
  .min(2)
  .max(100)
  .optional()
const repeatedStep = stepOf({ ...SIMPLE_STEP, repeat: repeatOf(simpleStep), parallel })
const step = stepOf({ ...SIMPLE_STEP, repeat: repeatOf(repeatedStep), parallel })

const through = z
  .string()
  .refine((text) => /^(?:service|svc|ingress|ing)\/[a-z0-9.-]+$/.test(text) || isHttpUrl(text), {
    error: 'must be service/NAME, ingress/NAME, http://HOST[:PORT] or https://HOST[:PORT]',
  })

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    (url?.protocol === 'http:' || url?.protocol === 'https:') &&
    url.username === '' &&
    url.pathname === '/' &&
    url.search === ''
  )
}

/** A text that is understood by a reader which gives a sentence when it cannot. */
const sentence = (read: (text: string) => object | string) =>
  z.string().superRefine((text, context) => {
    const result = read(text)
    if (typeof result === 'string') context.addIssue({ code: 'custom', message: result })
  })

/** `target:` of a scenario file. */
export const targetSchema = z.strictObject({
  workload: z.string().regex(WORKLOAD_PATTERN, WORKLOAD_WORDS),
  through,
  namespace: name.optional(),
})

/** A scenario file. */
export const scenarioSchema = z.strictObject({
  podtank: z.literal(1, { error: 'must be 1, the version of the format' }),
  name: name.max(60),
  about: z.string().max(2_000).optional(),
  target: targetSchema,
  load: loadSchema,
  steps: z.array(step).min(1).max(MAX_STEPS),
  expect: z.array(sentence(readExpectation)).default(['failed == 0']),
  stop: z.array(sentence(readStopCriterion)).max(100).default([]),
  manifests: z.array(z.string().min(1)).max(100).default([]),
  lab: z
    .strictObject({
      seed: z.int().min(0).max(0xffff_ffff).default(1),
      network: z
        .enum(LAB_NETWORKS, { error: `must be one of ${LAB_NETWORKS.join(', ')}` })
        .optional(),
      nodes: z.int().min(1).max(20).optional(),
    })
    .optional(),
})

/** A scenario file that fits the schema, defaults filled in. */
export type ScenarioFile = z.output<typeof scenarioSchema>

/** A load file: a scenario file of which only the load is used, so that the rest may be missing. */
export const loadFileSchema = scenarioSchema.extend({
  name: scenarioSchema.shape.name.optional(),
  target: targetSchema.partial().optional(),
  steps: scenarioSchema.shape.steps.optional(),
})

/** A load file that fits the schema, defaults filled in. */
export type LoadFileForm = z.output<typeof loadFileSchema>
