import { readFileSync } from 'node:fs'
import { gatewaySchemas } from './gateway-schemas.ts'

/** An OpenAPI schema of Kubernetes, as its release has it. */
export interface Schema {
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, object>>
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

let loaded: ReadonlyMap<string, Schema> | undefined

/**
 * The schemas of Kubernetes 1.34 by name, such as `io.k8s.api.core.v1.Pod`: of the kinds that the lab serves and of
 * what they are made of, and those of Gateway API. `scripts/write-openapi-schemas.ts` wrote Kubernetes' own down; they are
 * read when first asked for.
 */
export function loadSchemas(): ReadonlyMap<string, Schema> {
  loaded ??= new Map([...readSchemas(), ...gatewaySchemas()])
  return loaded
}

const readSchemas = (): [string, Schema][] =>
  readFileSync(new URL('./schemas.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as [string, Schema])
