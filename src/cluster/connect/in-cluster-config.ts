import { existsSync, readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import type { Place } from './place.ts'

const NAME = 'in-cluster'

/** The config of a pod that talks to its own cluster; undefined when this is no pod with a service account. */
export function inClusterConfig({ env, serviceAccount }: Place): KubeConfig | undefined {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT']
  const tokenFile = join(serviceAccount, 'token')
  if (!host || !port || !existsSync(tokenFile)) return undefined
  const namespaceFile = join(serviceAccount, 'namespace')
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [
      {
        name: NAME,
        server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
        caFile: join(serviceAccount, 'ca.crt'),
        skipTLSVerify: false,
      },
    ],
    users: [{ name: NAME, authProvider: { name: 'tokenFile', config: { tokenFile } } }],
    contexts: [
      {
        name: NAME,
        cluster: NAME,
        user: NAME,
        ...(existsSync(namespaceFile) && {
          namespace: readFileSync(namespaceFile, 'utf8').trim(),
        }),
      },
    ],
    currentContext: NAME,
  })
  return config
}
