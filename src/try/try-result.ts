import { z } from 'zod'

/** The version of the result of `podtank try`; raised when a field changes its meaning or goes away. */
export const TRY_RESULT_VERSION = 1

const seconds = z.number().min(0)

const finding = z.strictObject({
  about: z.enum(['signal', 'in flight', 'idle', 'new', 'exit']),
  state: z.enum(['good', 'advice', 'bad', 'unknown']),
  code: z.string().describe('Stable, in kebab-case.'),
  text: z.string(),
})

const load = z.strictObject({
  through: z.enum(['service', 'ingress']),
  sent: z.int(),
  failed: z.int(),
  outcome: z.enum(['passed', 'failed', 'inconclusive', 'aborted']),
  mainCause: z.string().optional(),
  p99Seconds: seconds
    .optional()
    .describe('Of the response time: what a proxy hides by trying again is slow.'),
  report: z.string().describe('The report of this run, relative to the directory of the try.'),
})

/** What `podtank try -o json` prints, and `try.json`. */
export const tryResultSchema = z.strictObject({
  version: z.literal(TRY_RESULT_VERSION),
  podtank: z.string(),
  command: z.array(z.string()),
  verdict: z.strictObject({
    outcome: z.enum(['graceful', 'not-graceful', 'inconclusive']),
    sentence: z.string(),
    exitCode: z.int(),
  }),
  start: z.strictObject({
    opensAfterSeconds: seconds,
    answersAfterSeconds: seconds.describe('How long GET of the path takes.'),
  }),
  processes: z.array(
    z.strictObject({
      containerPid: z.int(),
      parentContainerPid: z.int(),
      command: z.string(),
      listens: z.boolean(),
      endedAfterSeconds: seconds.optional().describe('After the stop signal.'),
    }),
  ),
  exit: z.strictObject({ afterSeconds: seconds.optional(), code: z.int().optional() }),
  findings: z.array(finding),
  advice: z.array(
    z.strictObject({
      behind: z.string(),
      propagationSeconds: seconds,
      preStopSeconds: z.int(),
      graceSeconds: z.int(),
    }),
  ),
  yaml: z.string().optional().describe('Absent when no preStop helps before the server is mended.'),
  load: z.array(load),
  notRun: z.string().optional().describe('Why there was no load.'),
  limits: z.array(z.string()).describe('What the lab does not show faithfully.'),
})

export type TryResult = z.output<typeof tryResultSchema>

export type Finding = z.output<typeof finding>
