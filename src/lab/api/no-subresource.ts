import type { ApiError } from './api-error.ts'
import type { Route } from './parse-route.ts'
import { noSuchPath } from './api-error.ts'

const insteadOf: Readonly<Record<string, string>> = {
  exec: 'kubectl logs shows what a container says, and a probe or a hook runs a command in it',
  attach: 'kubectl logs -f shows what a container says',
  portforward: 'podtank lab shell opens a shell that reaches the addresses of pods and Services',
  proxy: 'podtank lab shell opens a shell that reaches the addresses of pods and Services',
  ephemeralcontainers:
    'containers are processes of this machine, which its own tools can look into',
}

/** 404 for a subresource that the lab does not have; for those of pods with a word on what there is instead. */
export function noSubresource({ kind, subresource = '' }: Route): ApiError {
  const instead = kind.resource === 'pods' ? insteadOf[subresource] : undefined
  if (instead === undefined) return noSuchPath
  const message = `the lab has no pods/${subresource}: ${instead}`
  return { reason: 'NotFound', message, details: {} }
}
