import { z } from 'zod'
import type { Problem } from '../base/problem.ts'
import type { Result } from '../base/result.ts'
import { fail, succeed } from '../base/result.ts'
import { parseDurationUs, US_PER_MS } from '../base/units.ts'
import { API_VERBS } from '../lab/api/api-call.ts'
import type { Fault, FaultRule } from '../lab/api/faults/fault.ts'
import { schemaProblems } from '../scenario/schema-problems.ts'
import { parseYaml } from '../scenario/yaml-document.ts'

const KINDS = ['status', 'delay', 'drop', 'hang', 'garbage', 'compaction', 'late'] as const

const DURATION_WORDS = 'must be a duration with a unit, such as 250ms, 10s or 1m30s'
const duration = z
  .string({ error: DURATION_WORDS })
  .refine((text) => parseDurationUs(text) !== undefined, { error: DURATION_WORDS })

const verb = z.enum(API_VERBS)

const rule = z
  .strictObject({
    verb: z.union([verb, z.array(verb).min(1)]).optional(),
    resource: z
      .string()
      .regex(
        /^[a-z]+(?:\/[a-z]+)?$/,
        'must be a resource in the plural, such as pods or pods/eviction',
      )
      .optional(),
    namespace: z.string().optional(),
    name: z.string().optional(),
    from: z.int().min(1).optional(),
    count: z
      .union([z.int().min(1), z.literal('all')], { error: 'must be a number of calls, or all' })
      .optional(),
    chance: z.number().min(0).max(1).optional(),
    status: z.int().min(400).max(599).optional(),
    'retry after': z.int().min(0).max(3600).optional(),
    delay: duration.optional(),
    drop: z.enum(['before', 'after']).optional(),
    hang: z.enum(['before', 'after']).optional(),
    garbage: z.enum(['malformed', 'truncated', 'endless']).optional(),
    compaction: z.enum(['http', 'event', 'continue']).optional(),
    late: duration.optional(),
    seen: z.enum(['drop', 'timeout', 'hang']).optional(),
    applied: z.boolean().optional(),
    events: z.int().min(0).optional(),
  })
  .superRefine((given, context) => {
    const kinds = KINDS.filter((kind) => given[kind] !== undefined)
    const message = `must have exactly one of ${KINDS.join(', ')}`
    if (kinds.length !== 1) context.addIssue({ code: 'custom', message })
    for (const [key, only] of Object.entries(ONLY_WITH)) {
      const misplaced = given[key as keyof typeof ONLY_WITH] !== undefined
      if (!misplaced || kinds.some((kind) => only.includes(kind))) continue
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `goes only with ${only.join(', ')}`,
      })
    }
  })

type Kind = (typeof KINDS)[number]

const ONLY_WITH: Readonly<Record<'retry after' | 'applied' | 'seen' | 'events', readonly Kind[]>> =
  {
    'retry after': ['status'],
    applied: ['status', 'delay'],
    seen: ['late'],
    events: ['drop', 'hang', 'garbage', 'compaction'],
  }

type RuleForm = z.infer<typeof rule>

const faultsSchema = z.strictObject({ faults: z.array(rule) })

/** Reads a file for `podtank lab up --faults`; its form is described in docs/lab-faults.md. */
export function readFaults(
  text: string,
  file: string,
): Result<readonly FaultRule[], readonly Problem[]> {
  const document = parseYaml(text, file)
  if (!('value' in document)) return fail(document)
  const parsed = faultsSchema.safeParse(document.value)
  if (!parsed.success) return fail(schemaProblems(parsed.error, faultsSchema, document))
  return succeed(parsed.data.faults.map(ruleOf))
}

function ruleOf(form: RuleForm): FaultRule {
  const { verb: verbs, resource, namespace, name, from, count, chance } = form
  return {
    on: {
      ...(verbs !== undefined && { verbs: Array.isArray(verbs) ? verbs : [verbs] }),
      ...(resource !== undefined && { resource }),
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    },
    fault: faultOf(form),
    ...(from !== undefined && { from }),
    ...(count !== undefined && { count }),
    ...(chance !== undefined && { chance }),
  }
}

function faultOf(form: RuleForm): Fault {
  const events = form.events === undefined ? {} : { events: form.events }
  const applied = form.applied === undefined ? {} : { applied: form.applied }
  const { status, delay, drop, hang, garbage, compaction, late = '0s', seen = 'drop' } = form
  if (status !== undefined) {
    const seconds = form['retry after']
    return {
      kind: 'status',
      status,
      ...applied,
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
    }
  }
  if (delay !== undefined) return { kind: 'delay', delayMs: milliseconds(delay), ...applied }
  if (drop !== undefined) return { kind: 'drop', applied: drop === 'after', ...events }
  if (hang !== undefined) return { kind: 'hang', applied: hang === 'after', ...events }
  if (garbage !== undefined) return { kind: 'garbage', form: garbage, ...events }
  if (compaction !== undefined) return { kind: 'compaction', shape: compaction, ...events }
  return { kind: 'late', lateMs: milliseconds(late), seen }
}

const milliseconds = (text: string): number => (parseDurationUs(text) ?? 0) / US_PER_MS
