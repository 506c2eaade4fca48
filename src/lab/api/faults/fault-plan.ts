import { monotonicUs } from '../../../base/clock.ts'
import type { Random } from '../../../base/random.ts'
import type { ApiCall } from '../api-call.ts'
import type { ApiRequest } from '../api-context.ts'
import { apiCallOf, nameInBody } from '../api-call.ts'
import type { Fault, FaultRule, FaultTarget, InjectedFault } from './fault.ts'

/** A fault that is to strike this call, and its entry in the record. */
export interface Strike {
  readonly fault: Fault
  readonly entry: InjectedFault
}

/** Decides which calls go wrong, and remembers it. */
export interface FaultPlan {
  /** Counts the call in every rule that it matches; gives what is to strike it, in the order of the rules. */
  take(request: ApiRequest): readonly Strike[]
  /** Another plan from now on; counts and the record begin anew. */
  set(rules: readonly FaultRule[]): void
  rules(): readonly FaultRule[]
  /** All that struck so far, in order of the calls. */
  injected(): readonly InjectedFault[]
}

/** A plan whose chances follow from the seed, each rule with a stream of its own. */
export function createFaultPlan(random: Random, first: readonly FaultRule[] = []): FaultPlan {
  let rules = first
  let counters = countersOf(rules, random)
  let injected: InjectedFault[] = []
  return {
    take: (request) => {
      if (rules.length === 0) return []
      const call = apiCallOf(request)
      if (!call) return []
      const strikes = counters.flatMap((counter, rule) => {
        const number = counter(call, request)
        const fault = rules[rule]?.fault
        return number === undefined || !fault ? [] : [strikeOf(fault, rule, number, call)]
      })
      injected.push(...strikes.map(({ entry }) => entry))
      return strikes
    },
    set: (next) => {
      rules = next
      counters = countersOf(next, random)
      injected = []
    },
    rules: () => rules,
    injected: () => injected,
  }
}

/** Gives the number of a call that the rule strikes, else undefined. */
type Counter = (call: ApiCall, request: ApiRequest) => number | undefined

const countersOf = (rules: readonly FaultRule[], random: Random): readonly Counter[] =>
  rules.map((rule, index) => {
    const { from = 1, count = 1, chance = 1 } = rule
    const luck = random.stream(`rule ${String(index)}`)
    let calls = 0
    return (call, request) => {
      if (!matches(rule.on, call, request) || !fits(rule.fault, call, request)) return undefined
      calls += 1
      const inRange = calls >= from && (count === 'all' || calls < from + count)
      return inRange && luck.next() < chance ? calls : undefined
    }
  })

const strikeOf = (fault: Fault, rule: number, number: number, call: ApiCall): Strike => {
  const { verb, resource, namespace, name } = call
  const entry: InjectedFault = {
    rule,
    call: number,
    kind: fault.kind,
    verb,
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    atUs: monotonicUs(),
  }
  return { fault, entry }
}

function matches(on: FaultTarget, call: ApiCall, request: ApiRequest): boolean {
  const name = (): string | undefined => call.name ?? nameInBody(request)
  return (
    (on.verbs === undefined || on.verbs.includes(call.verb)) &&
    (on.resource === undefined || on.resource === call.resource) &&
    (on.namespace === undefined || on.namespace === call.namespace) &&
    (on.name === undefined || on.name === name())
  )
}

const READS = new Set(['get', 'list', 'watch'])
const OF_COLLECTIONS = new Set(['list', 'watch'])

/** Some faults make sense for some calls only; to the others their rule does not apply, and does not count them. */
function fits(fault: Fault, call: ApiCall, { query }: ApiRequest): boolean {
  const verb: string = call.verb
  if ('events' in fault && fault.events !== undefined && verb !== 'watch') return false
  if (fault.kind === 'late') return !READS.has(verb)
  if (fault.kind !== 'compaction') return true
  if (fault.shape === 'event') return verb === 'watch'
  if (fault.shape === 'continue') return verb === 'list' && (query.get('continue') ?? '') !== ''
  return OF_COLLECTIONS.has(verb)
}
