import { z } from 'zod'

/** The version of `result.json`; raised when a field changes its meaning or goes away. */
export const RESULT_VERSION = 1

const count = z.int().min(0)
const counts = z.record(z.string(), count)
const us = z.int()

const spread = z.strictObject({ count, p50Us: us, p95Us: us, maxUs: us })

const quantiles = z.strictObject({
  count,
  p50Us: z.number(),
  p90Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
  p999Us: z.number(),
  p9999Us: z.number().optional(),
  maxUs: z.number(),
})

const rate = z
  .strictObject({
    planned: z.number(),
    sent: z.number(),
    answered: z.number().describe('Whole answers, whatever their status.'),
  })
  .describe('Requests a second, over the planned length of the load, or what there was of it.')

const failure = z.strictObject({
  name: z.string().describe('The class; of a bad status with the status.'),
  count,
  connections: z.strictObject({ new: count, reused: count }),
  firstDueUs: us.optional(),
  lastDueUs: us.optional(),
  details: z.array(z.string()).describe('Words of the system or the parser, most frequent first.'),
})

const tagged = z.strictObject({
  ended: count,
  outcomes: counts,
  statuses: counts,
  bytesIn: count,
  responseTime: quantiles.optional(),
  serviceTime: quantiles.optional(),
})

const stop = z.strictObject({
  atUs: us,
  criterion: z.string(),
  kind: z.string(),
  tankExitCode: z.int().describe('The exit code of Yandex.Tank for this criterion.'),
  firstBadAtUs: us,
  ratePerSecond: z.number().describe('Requests due in the first second in which it held.'),
  seen: z.string(),
})

/** `result.json`, and what `-o json` prints. Instants are µs since the run began. */
export const resultSchema = z.strictObject({
  version: z.literal(RESULT_VERSION),
  podtank: z.string().describe('The version of podtank that made the recording.'),
  runId: z.string(),
  scenario: z.string(),
  startedAt: z.string().describe('Wall clock, ISO 8601.'),
  durationUs: us,
  cluster: z.string().describe('`lab`, or the context of the kubeconfig; `none` for load alone.'),
  verdict: z.strictObject({
    outcome: z.enum(['passed', 'failed', 'inconclusive', 'aborted']),
    sentence: z.string(),
    exitCode: z.int(),
  }),
  ledger: z.strictObject({
    planned: count,
    sent: count,
    notSent: counts.describe('By reason.'),
    outcomes: counts.describe('`ok`, and each failure class.'),
    balances: z.boolean(),
  }),
  statuses: counts.describe('Answers by HTTP status.'),
  rate: rate.optional(),
  bytesIn: count.optional().describe('Bytes of all answers, heads included.'),
  failures: z.array(failure).optional().describe('What failed, by class and status.'),
  byTag: z.record(z.string(), tagged).optional().describe('By the tag of the request.'),
  stop: stop.optional().describe('The stop criterion that ended the load.'),
  responseTime: quantiles.optional().describe('From the planned instant; absent without answers.'),
  serviceTime: quantiles.optional().describe('From the sending; absent without answers.'),
  expectations: z.array(
    z.strictObject({
      text: z.string(),
      state: z.enum(['met', 'not-met', 'no-samples']),
      observed: z.string(),
    }),
  ),
  validity: z.array(
    z.strictObject({
      name: z.string(),
      observed: z.string(),
      threshold: z.string(),
      state: z.enum(['good', 'warn', 'refuse']),
    }),
  ),
  causes: z.array(
    z.strictObject({
      cause: z.string(),
      title: z.string(),
      failed: count,
      confidence: z.enum(['high', 'medium', 'low']),
      explanation: z.string(),
      evidence: z.array(z.strictObject({ atUs: us, text: z.string() })),
      fix: z.strictObject({ text: z.string(), yaml: z.string().optional() }),
      pods: z.array(z.string()),
    }),
  ),
  windows: z.array(
    z.strictObject({
      number: count,
      fromUs: us,
      toUs: us,
      failed: count,
      due: count,
      outcomes: counts,
      causes: z.array(z.strictObject({ cause: z.string(), failed: count })),
      pods: z.array(z.string()),
    }),
  ),
  drain: z.strictObject({
    pods: count,
    new: spread.optional(),
    reused: spread.optional(),
    gone: spread.optional(),
  }),
  advice: z
    .strictObject({
      preStopSeconds: z.int(),
      graceSeconds: z.int(),
      text: z.string(),
      yaml: z.string(),
    })
    .optional(),
  notRestored: z.array(z.string()),
})

/** Everything that came out of a run, as a machine reads it. */
export type RunResult = z.output<typeof resultSchema>
