import { findProgram } from '../../apps/find-program.ts'
import type { Ingress } from '../../api/kinds/ingress.ts'
import type { IngressClass } from '../../api/kinds/ingress-class.ts'
import type { Store } from '../../api/store.ts'
import { DEFAULT_CLASS, INGRESS_PROFILES } from './ingress-profiles.ts'
import type { IngressProfile } from './profile.ts'
import { UNSTORED } from '../../api/unstored.ts'

const PROFILE_ANNOTATION = 'podtank.lab/ingress-profile'
const OLD_CLASS_ANNOTATION = 'kubernetes.io/ingress.class'
const DEFAULT_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class'

/** Makes an IngressClass for each controller of the lab, as installing one does. */
export function createIngressClasses(store: Pick<Store, 'create'>): void {
  for (const [name, { controller, program }] of Object.entries(INGRESS_PROFILES)) {
    if (program && !findProgram(program)) continue
    const annotations =
      name === DEFAULT_CLASS ? { annotations: { [DEFAULT_ANNOTATION]: 'true' } } : {}
    store.create('ingressclasses', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name, ...UNSTORED, ...annotations },
      spec: { controller },
    })
  }
}

/** Who serves an Ingress, or why nobody does. */
export type ServedBy =
  { readonly profile: IngressProfile } | { readonly profile?: undefined; readonly why: string }

/** By the lab's annotation, else by the class: the one that the Ingress names, or the cluster's default. */
export function servedBy(store: Pick<Store, 'list'>, ingress: Ingress): ServedBy {
  const { annotations = {} } = ingress.metadata
  const profiles = Object.values(INGRESS_PROFILES)
  const named = annotations[PROFILE_ANNOTATION]
  if (named !== undefined) {
    const profile = profiles.find(({ name }) => name === named) ?? INGRESS_PROFILES[named]
    const known = profiles.map(({ name }) => name).join(', ')
    return profile ? { profile } : { why: `no ingress profile "${named}"; there are ${known}` }
  }
  const classes = store.list<IngressClass>('ingressclasses')
  const className =
    ingress.spec.ingressClassName ??
    annotations[OLD_CLASS_ANNOTATION] ??
    classes.find(({ metadata }) => metadata.annotations?.[DEFAULT_ANNOTATION] === 'true')?.metadata
      .name
  if (className === undefined) return { why: 'it names no class, and no class is the default' }
  const controller = classes.find(({ metadata }) => metadata.name === className)?.spec.controller
  if (controller === undefined) {
    const known = classes.map(({ metadata }) => metadata.name).join(', ')
    return { why: `there is no IngressClass "${className}"; there are ${known}` }
  }
  const profile = profiles.find((one) => one.controller === controller)
  return profile ? { profile } : { why: `no controller of the lab is "${controller}"` }
}
