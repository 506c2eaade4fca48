import type { Problem } from '../../base/problem.ts'
import type { Step } from '../../scenario/scenario.ts'
import { addressKind, plainAddress } from './address-kind.ts'
import type { AddressFacts, Allowances, TargetFacts } from './guard-facts.ts'
import { refused, saysProduction } from './guard-place.ts'
import { updateNotes } from './update-notes.ts'

/** What a guard has to say of a target. */
export interface TargetJudgement {
  /** The first that holds; nothing was sent or changed. */
  readonly refusal?: Problem
  readonly warnings: readonly string[]
}

/** Labels and annotations that a GitOps controller puts on what it owns. */
const GITOPS: Readonly<Record<string, string>> = {
  'argocd.argoproj.io/instance': 'Argo CD',
  'argocd.argoproj.io/tracking-id': 'Argo CD',
  'kustomize.toolkit.fluxcd.io/name': 'Flux',
  'helm.toolkit.fluxcd.io/name': 'Flux',
  'fleet.cattle.io/bundle-id': 'Fleet',
  'configmanagement.gke.io/managed': 'Config Sync',
}

const SPEC_STEPS: ReadonlySet<Step['type']> = new Set([
  'scale',
  'restart',
  'image',
  'patch',
  'undo',
  'delete-workload',
])
const REPLICA_STEPS: ReadonlySet<Step['type']> = new Set(['scale', 'delete-workload'])

/** Judges what is going to be changed and where the load goes; pure, on what was read before. */
export function guardTarget(facts: TargetFacts, allowed: Allowances): TargetJudgement {
  const warnings: string[] = [...updateNotes(facts)]
  const refusal =
    guardAddress(facts.address, allowed) ??
    guardAutoscaler(facts, allowed, warnings) ??
    guardGitOps(facts, allowed, warnings)
  return { ...(refusal && { refusal }), warnings }
}

function guardAddress(address: AddressFacts, allowed: Allowances): Problem | undefined {
  const { name, ip, port } = address
  const kind = addressKind(ip)
  const shown = name === ip ? ip : `${name} (${ip})`
  if (kind !== 'ordinary' && kind !== 'loopback') {
    return refused(
      `${shown} is ${kind === 'metadata' ? 'a cloud’s metadata service' : `a ${kind} address`}; no load is ever sent there`,
      'give the address of the Service or Ingress',
    )
  }
  if (/^metadata\.(?:google\.internal|goog)\.?$/i.test(name)) {
    return refused(
      `${shown} is a cloud’s metadata service; no load is ever sent there`,
      'give the address of the Service or Ingress',
    )
  }
  if (address.isFound || allowed.externalTarget === true) return undefined
  if (leadsToWorkload(address)) return undefined
  const production = saysProduction(name) ? ', and looks like production' : ''
  return refused(
    `${shown}:${port} is not known to lead to the workload${production}`,
    'load a Service or Ingress of it (through: service/NAME), or say that it is meant: --external-target',
  )
}

function leadsToWorkload({ name, ip, port, ways }: AddressFacts): boolean {
  const plain = plainAddress(ip)
  const host = name.toLowerCase().replace(/\.$/, '')
  return ways.some((way) => {
    if (way.startsWith('host:')) return hostMatches(way.slice(5).toLowerCase(), host)
    const [, address = '', ofPort = ''] = /^(.*):(\d+|\*)$/.exec(way) ?? []
    return plainAddress(address) === plain && (ofPort === '*' || ofPort === String(port))
  })
}

/** As Ingress does it: `*` stands for one label. */
function hostMatches(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host
  const dot = host.indexOf('.')
  return dot > 0 && host.slice(dot) === pattern.slice(1)
}

function guardAutoscaler(
  { steps, autoscalers, workload }: TargetFacts,
  allowed: Allowances,
  warnings: string[],
): Problem | undefined {
  const changes = steps.some(({ type }) => REPLICA_STEPS.has(type))
  if (autoscalers === undefined) {
    if (changes) warnings.push('whether an autoscaler owns the replicas could not be looked up')
    return undefined
  }
  const [name] = autoscalers
  if (name === undefined) return undefined
  if (changes && allowed.autoscaled !== true) {
    return refused(
      `the HorizontalPodAutoscaler "${name}" owns the replicas of ${workload}; it and the run would fight`,
      'pause it (minReplicas = maxReplicas), or say that it is meant: --allow-autoscaled',
    )
  }
  warnings.push(`the HorizontalPodAutoscaler "${name}" may scale ${workload} during the run`)
  return undefined
}

function guardGitOps(
  { steps, labels, annotations, workload }: TargetFacts,
  allowed: Allowances,
  warnings: string[],
): Problem | undefined {
  const found = Object.entries(GITOPS).find(
    ([key]) => labels[key] !== undefined || annotations[key] !== undefined,
  )
  if (!found) return undefined
  const [key, owner] = found
  const changes = steps.some(({ type }) => SPEC_STEPS.has(type))
  if (changes && allowed.gitOps !== true) {
    return refused(
      `${owner} owns ${workload} (${key}) and may put the change of a step back while it is measured`,
      'pause its sync, or say that it is meant: --allow-gitops',
    )
  }
  warnings.push(`${owner} owns ${workload} (${key})`)
  return undefined
}
