import type { DryRunPart, DryRunVerdict, SentCall } from '../cluster/dry-run/dry-run-step.ts'
import { addressText } from '../run/address-text.ts'
import type { TriedStep } from '../run/dry-run.ts'
import { plannedLoad } from '../run/planned-load.ts'
import { EXIT } from '../verdict/exit-code.ts'
import type { ExecutedDryRun } from './execute-dry-run.ts'

/** What `podtank run --dry-run -o json` prints; text is made of the same. */
export interface DryRunDocument {
  readonly version: 1
  readonly dryRun: true
  readonly scenario: string
  /** `lab`, or the context's name. */
  readonly context: string
  readonly server: string
  readonly namespace: string
  /** `deployment/web`. */
  readonly workload: string
  readonly address: string
  readonly load: { readonly plannedRequests?: number; readonly plannedDurationUs: number }
  readonly lock: ShownPart
  readonly steps: readonly ShownStep[]
  readonly isAccepted: boolean
  readonly exitCode: number
}

export interface ShownStep {
  readonly label: string
  readonly line: number
  /** Taken at the same time as the neighbours with the same number. */
  readonly parallel?: number
  readonly change: ShownPart
  readonly wayBack: ShownPart
  /** Values only where they are a number, a text or a truth value. */
  readonly fields: TriedStep['fields']
  readonly notes: readonly string[]
}

export interface ShownPart {
  readonly verdict: DryRunVerdict
  readonly calls: readonly SentCall[]
  readonly text?: string
}

const SECRET = /authorization|cookie|token|secret|password|api-?key/i
const HIDDEN = '***'

/** What was tried, without values of the cluster that may be secret. */
export function dryRunDocument({ prepared, dryRun, cluster }: ExecutedDryRun): DryRunDocument {
  const { scenario, connection, workload, address } = prepared
  const exitCode = exitCodeOf([dryRun.lock, ...dryRun.steps.flatMap(partsOf)])
  return {
    version: 1,
    dryRun: true,
    scenario: scenario.name,
    context: cluster,
    server: connection.client.server,
    namespace: workload.namespace,
    workload: `${workload.ref.kind}/${workload.ref.name}`,
    address: addressText(address),
    load: plannedLoad(scenario.load),
    lock: shownPart(dryRun.lock),
    steps: dryRun.steps.map(({ step, change, wayBack, fields, notes }) => ({
      label: step.label,
      line: step.line,
      ...(step.beside && { parallel: step.beside.group + 1 }),
      change: shownPart(change),
      wayBack: shownPart(wayBack),
      fields: fields.map(({ object, path, from, to }) => ({
        object,
        path,
        ...(isPlain(from) && { from }),
        ...(isPlain(to) && { to }),
      })),
      notes,
    })),
    isAccepted: exitCode === EXIT.passed,
    exitCode,
  }
}

const partsOf = ({ change, wayBack }: TriedStep): readonly DryRunPart[] => [change, wayBack]

/** A guard's refusal before the cluster's, and that before a step that cannot work. */
function exitCodeOf(parts: readonly DryRunPart[]): number {
  const bad = parts.filter(({ verdict }) => verdict === 'refused' || verdict === 'impossible')
  if (bad.some(({ code }) => code === 'refused')) return EXIT.refused
  if (bad.some(({ verdict }) => verdict === 'refused')) return EXIT.cluster
  return bad.length > 0 ? EXIT.stepFailed : EXIT.passed
}

const shownPart = ({ verdict, calls, text }: DryRunPart): ShownPart => ({
  verdict,
  calls: calls.map(shownCall),
  ...(text !== undefined && { text }),
})

/** Manifests of the cluster are left out, and of what goes back only plain values are shown. */
function shownCall({ method, path, contentType, body }: SentCall): SentCall {
  const call = { method, path, ...(contentType !== undefined && { contentType }) }
  if (method === 'PATCH')
    return { ...call, body: Array.isArray(body) ? operations(body) : masked(body) }
  return method === 'DELETE' || path.endsWith('/eviction') ? { ...call, body } : call
}

const operations = (body: readonly unknown[]): readonly unknown[] =>
  (body as readonly { readonly op: string; readonly path: string; readonly value?: unknown }[])
    .filter(({ path }) => path !== '/metadata/resourceVersion')
    .map(({ op, path, value }) => ({ op, path, ...(isPlain(value) && { value }) }))

const isPlain = (value: unknown): boolean => value !== undefined && typeof value !== 'object'

/** A patch of the user's own, without values of environment variables and what else may be secret. */
function masked(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => masked(one, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const isSecret = (key === 'env' && name === 'value') || SECRET.test(name)
      return [name, isSecret && typeof one !== 'object' ? HIDDEN : masked(one, name)]
    }),
  )
}
