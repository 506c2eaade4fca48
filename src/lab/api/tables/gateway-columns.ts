import type { Gateway, GatewayClass, GatewayCondition, HttpRoute } from '../kinds/gateway.ts'
import { ageColumn, type Column, nameColumn, text } from './column.ts'

const conditionOf = (conditions: readonly GatewayCondition[] | undefined, wanted: string): string =>
  conditions?.find(({ type }) => type === wanted)?.status ?? ''

/** The columns of `kubectl get gatewayclasses`, as its custom resource has them. */
export const gatewayClassColumns: readonly Column<GatewayClass>[] = [
  nameColumn,
  text('Controller', ({ spec }) => spec.controllerName),
  text('Accepted', ({ status }) => conditionOf(status?.conditions, 'Accepted')),
  ageColumn,
]

/** The columns of `kubectl get gateways`. */
export const gatewayColumns: readonly Column<Gateway>[] = [
  nameColumn,
  text('Class', ({ spec }) => spec.gatewayClassName),
  text('Address', ({ status }) => (status?.addresses ?? []).map(({ value }) => value).join()),
  text('Programmed', ({ status }) => conditionOf(status?.conditions, 'Programmed')),
  ageColumn,
]

/** The columns of `kubectl get httproutes`. */
export const httpRouteColumns: readonly Column<HttpRoute>[] = [
  nameColumn,
  text('Hostnames', ({ spec }) => JSON.stringify(spec.hostnames ?? [])),
  ageColumn,
]
