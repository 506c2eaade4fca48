import { gatewayFields } from '../schema/gateway-fields.ts'
import type { Schema } from './load-schemas.ts'

const GROUP = { group: 'gateway.networking.k8s.io', version: 'v1' }
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.'
const OWN = 'io.k8s.networking.gateway.v1.'

/** The schemas of Gateway API's kinds, without descriptions: Kubernetes' own release has none of them. */
export const gatewaySchemas = (): [string, Schema][] =>
  Object.entries(gatewayFields).map(([name, fields]) => {
    const isKind = fields.startsWith('apiVersion:')
    return [
      `${OWN}${name}`,
      {
        type: 'object',
        properties: Object.fromEntries(fields.split(' ').map(propertyOf)),
        ...(isKind && { 'x-kubernetes-group-version-kind': [{ ...GROUP, kind: name }] }),
      },
    ]
  })

function propertyOf(field: string): [string, object] {
  const [name = '', type = ''] = field.split(':')
  return [name, schemaOf(type)]
}

function schemaOf(type: string): object {
  if (type.startsWith('[')) return { type: 'array', items: schemaOf(type.slice(1, -1)) }
  if (type === 's') return { type: 'string' }
  if (type === 'i') return { type: 'integer' }
  if (type === 'a') return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return { $ref: `#/components/schemas/${type in gatewayFields ? OWN : META}${type}` }
}
