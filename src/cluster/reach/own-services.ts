import type { ApiClient } from '../api-client.ts'
import type { WatchedPods } from '../watch-cluster.ts'
import { corePath, discoveryPath } from '../paths.ts'
import type { OwnServices } from './reached.ts'

interface RawSlice {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> }
  readonly endpoints?:
    readonly { readonly targetRef?: { readonly kind?: string; readonly name?: string } }[] | null
}

/**
 * The Services behind which the pods are, read from EndpointSlices: the watch may list those anyway, so no right more is
 * needed. Undefined when they may not be listed.
 */
export async function ownServices(
  client: ApiClient,
  { namespace, selector }: Pick<WatchedPods, 'namespace' | 'selector'>,
): Promise<OwnServices> {
  const pods = await itemsOf<{ readonly metadata: { readonly name: string } }>(
    client,
    corePath(namespace, 'pods'),
    { labelSelector: selector },
  )
  const slices = await itemsOf<RawSlice>(client, discoveryPath(namespace, 'endpointslices'), {})
  if (!pods || !slices) return undefined
  const names = new Set(pods.map(({ metadata }) => metadata.name))
  return new Set(
    slices
      .filter(({ endpoints }) =>
        endpoints?.some(
          ({ targetRef }) => targetRef?.kind === 'Pod' && names.has(targetRef.name ?? ''),
        ),
      )
      .flatMap(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] ?? []),
  )
}

async function itemsOf<Item>(
  client: ApiClient,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Item[] | undefined> {
  const listed = await client.call({ method: 'GET', path, query })
  return listed.ok ? (listed.value as unknown as { items: readonly Item[] }).items : undefined
}
