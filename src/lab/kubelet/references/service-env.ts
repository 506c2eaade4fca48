import type { Service } from '../../api/kinds/service.ts'
import type { Store } from '../../api/store.ts'

/** What of a Service becomes variables. */
interface Described {
  readonly metadata: { readonly name: string }
  readonly spec: Pick<Service['spec'], 'clusterIP' | 'ports'>
}

/** The variables of the Services of a namespace: `FOO_SERVICE_HOST`, `FOO_PORT_80_TCP_ADDR`, … as they are now. */
export function serviceEnv(
  store: Pick<Store, 'list'>,
  namespace: string,
): Readonly<Record<string, string>> {
  const services = store.list<Service>('services', namespace)
  return Object.assign({}, ...services.map(variablesOf)) as Record<string, string>
}

/**
 * The variables of the Service `kubernetes`, which every pod gets, whatever its enableServiceLinks. Nothing answers at
 * that address: pods of the lab have no service account to ask with.
 */
export const apiServerEnv = (hostIp: string): Readonly<Record<string, string>> =>
  variablesOf({
    metadata: { name: 'kubernetes' },
    spec: { clusterIP: hostIp, ports: [{ name: 'https', protocol: 'TCP', port: 443 }] },
  })

function variablesOf({ metadata, spec }: Described): Record<string, string> {
  const { clusterIP: host, ports = [] } = spec
  const [first] = ports
  if (!host || host === 'None' || !first) return {}
  const name = variableName(metadata.name)
  const url = (port: (typeof ports)[number]) =>
    `${(port.protocol ?? 'TCP').toLowerCase()}://${host}:${String(port.port)}`
  const env: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: host,
    [`${name}_SERVICE_PORT`]: String(first.port),
    [`${name}_PORT`]: url(first),
  }
  for (const port of ports) {
    if (port.name) env[`${name}_SERVICE_PORT_${variableName(port.name)}`] = String(port.port)
    const protocol = port.protocol ?? 'TCP'
    const prefix = `${name}_PORT_${String(port.port)}_${protocol}`
    env[prefix] = url(port)
    env[`${prefix}_PROTO`] = protocol.toLowerCase()
    env[`${prefix}_PORT`] = String(port.port)
    env[`${prefix}_ADDR`] = host
  }
  return env
}

const variableName = (name: string): string => name.toUpperCase().replaceAll('-', '_')
