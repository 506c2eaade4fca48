import { availableParallelism, totalmem } from 'node:os'
import type { Result } from '../../../base/result.ts'
import { fail, succeed } from '../../../base/result.ts'
import type { Container, Pod, ResourceFieldRef } from '../../api/kinds/pod.ts'
import { parseQuantity } from '../parse-quantity.ts'

/**
 * What a `resourceFieldRef` stands for: a request or limit in units of the divisor, rounded up. Without a limit it is
 * what the node has.
 */
export function resourceField(
  { resource, containerName, divisor = 0 }: ResourceFieldRef,
  pod: Pod,
  own: Container | undefined,
): Result<string, string> {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const container =
    containerName === undefined ? own : all.find(({ name }) => name === containerName)
  if (!container) return fail(`container ${containerName ?? ''} not found`)
  const [list, name = ''] = resource.split('.', 2)
  if (list !== 'limits' && list !== 'requests') {
    return fail(`unsupported container resource : ${resource}`)
  }
  const declared = container.resources?.[list]?.[name]
  const amount =
    declared === undefined ? (list === 'limits' ? allocatable(name) : 0) : parseQuantity(declared)
  if (amount === undefined) return fail(`unsupported container resource : ${resource}`)
  const unit = parseQuantity(divisor)
  return succeed(String(Math.ceil(amount / (unit === undefined || unit === 0 ? 1 : unit))))
}

function allocatable(name: string): number | undefined {
  if (name === 'cpu') return availableParallelism()
  return name === 'memory' ? totalmem() : 0
}
