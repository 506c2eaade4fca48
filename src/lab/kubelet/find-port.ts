import type { Container } from '../api/kinds/pod.ts'

/** The number of a port of a probe or hook, which may be given by the name of a container port. */
export function findPort(port: number | string, container: Container): number | undefined {
  if (typeof port === 'number') return port
  const named = container.ports?.find((candidate) => candidate.name === port)
  if (named) return named.containerPort
  return /^\d+$/.test(port) ? Number(port) : undefined
}
