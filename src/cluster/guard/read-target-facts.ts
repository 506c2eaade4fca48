import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { JsonObject, Step } from '../../scenario/scenario.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import type { Workload } from '../find-workload.ts'
import { corePath, namespacedPath, networkingPath } from '../paths.ts'
import { pathOfRef, textOfRef } from '../restore/object-ref.ts'
import type { ApiObject } from '../restore/restore-record.ts'
import type { AddressFacts, TargetFacts } from './guard-facts.ts'
import { type RawIngress, type RawService, waysTo } from './ways-to-workload.ts'

type Address = Omit<AddressFacts, 'ways'>

interface RawAutoscaler extends ApiObject {
  readonly spec: { readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string } }
}

interface RawWorkload extends ApiObject {
  readonly spec: {
    readonly updateStrategy?: {
      readonly type?: string
      readonly rollingUpdate?: { readonly partition?: number }
    }
    readonly template: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
    }
  }
}

/** Reads all that a guard judges by. Nothing of it is changed, and nothing is sent to the target. */
export async function readTargetFacts(
  client: ApiClient,
  workload: Workload,
  steps: readonly Step[],
  address: Address,
): Promise<Result<TargetFacts, Problem>> {
  const { namespace, ref } = workload
  const objectRef = { ...ref, namespace }
  const found = await client.call({ method: 'GET', path: pathOfRef(objectRef) })
  if (!found.ok) return fail(apiProblem(found.error, `reading ${textOfRef(objectRef)}`))
  const object = found.value as unknown as RawWorkload
  const listed = await listOf<RawAutoscaler>(
    client,
    namespacedPath('autoscaling/v2')(namespace, 'horizontalpodautoscalers'),
  )
  const autoscalers = listed
    ?.filter(({ spec }) => {
      const { kind, name } = spec.scaleTargetRef ?? {}
      return kind?.toLowerCase() === ref.kind && name === ref.name
    })
    .map(({ metadata }) => metadata.name)
  return succeed({
    workload: textOfRef(objectRef),
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    autoscalers,
    ...updateStrategyOf(object),
    steps,
    address: { ...address, ways: address.isFound ? [] : await findWays(client, workload, object) },
  })
}

function updateStrategyOf({ spec: { updateStrategy } }: RawWorkload) {
  const partition = updateStrategy?.rollingUpdate?.partition
  return {
    ...(updateStrategy?.type !== undefined && { updateStrategy: updateStrategy.type }),
    ...(partition !== undefined && { partition }),
  }
}

async function findWays(
  client: ApiClient,
  { namespace }: Workload,
  { spec }: RawWorkload,
): Promise<readonly string[]> {
  const services = (await listOf<RawService>(client, corePath(namespace, 'services'))) ?? []
  const ingresses = (await listOf<RawIngress>(client, networkingPath(namespace, 'ingresses'))) ?? []
  const nodes = (await listOf<JsonObject>(client, '/api/v1/nodes')) ?? []
  return waysTo(spec.template.metadata?.labels ?? {}, { services, ingresses, nodes })
}

/** The items of a list; undefined when it may not be read, or there is no such resource. */
async function listOf<Item>(client: ApiClient, path: string): Promise<readonly Item[] | undefined> {
  const listed = await client.call({ method: 'GET', path })
  if (listed.ok) return (listed.value as unknown as { items: readonly Item[] }).items
  return listed.error.status === 404 ? [] : undefined
}
