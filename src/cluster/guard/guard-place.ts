import type { Problem } from '../../base/problem.ts'
import type { Allowances, PlaceFacts } from './guard-facts.ts'

const CLUSTER_NAMESPACES = new Set([
  'istio-system',
  'ingress-nginx',
  'cert-manager',
  'calico-system',
  'tigera-operator',
  'openshift',
  'cattle-system',
  'flux-system',
  'argocd',
  'gatekeeper-system',
])

/** A word of a name: `eu-prod-1`, `PRODUCTION`, `live.example.com`, but not `product` or `delivery`. */
const PRODUCTION = /(?:^|[^a-z])(?:prod|prd|production|live)(?:$|[^a-z])/i

/** Whether a name says production. */
export const saysProduction = (name: string): boolean => PRODUCTION.test(name)

/** Refuses a place that is never, or not without confirmation, one for experiments; undefined: it is well. */
export function guardPlace(
  { contextName, serverUrl, namespace }: PlaceFacts,
  { confirmedContext }: Allowances,
): Problem | undefined {
  if (/^(?:kube|openshift)-/.test(namespace) || CLUSTER_NAMESPACES.has(namespace)) {
    return {
      code: 'refused-namespace',
      message: `namespace "${namespace}" belongs to the cluster itself; podtank changes nothing there`,
      hint: 'choose the namespace of the application with -n',
    }
  }
  const names = { context: contextName, 'API server': hostOf(serverUrl), namespace }
  const found = Object.entries(names).find(([, name]) => saysProduction(name))
  if (confirmedContext !== undefined && confirmedContext !== contextName) {
    return refused(
      `--confirm says "${confirmedContext}", but the context is "${contextName}"`,
      'name the context with --context, so that a changed current context cannot be meant',
    )
  }
  if (!found || confirmedContext !== undefined) return undefined
  const [what, name] = found
  return refused(
    `the ${what} "${name}" looks like production`,
    `if it is meant: --confirm ${contextName}`,
  )
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? url
}

/** A refusal by a guard, exit code 13. */
export const refused = (message: string, hint: string): Problem => ({
  code: 'refused',
  message,
  hint,
})
