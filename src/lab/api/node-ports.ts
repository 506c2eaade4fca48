import type { Service } from './kinds/service.ts'
import type { KubeObject } from './store.ts'

/** The range of a real API server's default. */
const RANGE = { first: 30_000, last: 32_767 }

/** Fills the node ports of a Service that is to have them; gives the mistakes that stop it. */
export function assignNodePorts(draft: KubeObject, services: readonly Service[]): string[] {
  const { spec, metadata } = draft as Service
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return []
  const taken = new Set(
    services
      .filter((other) => other.metadata.uid !== metadata.uid)
      .flatMap((other) => other.spec.ports?.flatMap(({ nodePort }) => nodePort ?? []) ?? []),
  )
  const mistakes: string[] = []
  for (const [index, port] of (spec.ports ?? []).entries()) {
    const asked = port.nodePort
    if (asked) {
      const wrong = whatIsWrong(asked, taken)
      if (wrong !== undefined) {
        const field = `spec.ports[${String(index)}].nodePort`
        mistakes.push(`${field}: Invalid value: ${String(asked)}: ${wrong}`)
      }
      taken.add(asked)
    } else {
      let free = RANGE.first
      while (taken.has(free)) free += 1
      port.nodePort = free
      taken.add(free)
    }
  }
  return mistakes
}

function whatIsWrong(nodePort: number, taken: ReadonlySet<number>): string | undefined {
  if (nodePort < RANGE.first || nodePort > RANGE.last) {
    return `provided port is not in the valid range. The range of valid ports is ${String(RANGE.first)}-${String(RANGE.last)}`
  }
  return taken.has(nodePort) ? 'provided port is already allocated' : undefined
}
