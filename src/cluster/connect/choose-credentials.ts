import type { KubeConfig } from '@kubernetes/client-node'
import type { Credentials } from './credentials.ts'
import { type ExecConfig, ExecCredentials } from './exec-credentials.ts'
import { KubeconfigCredentials } from './kubeconfig-credentials.ts'
import type { Place } from './place.ts'
import { TokenFile } from './token-file.ts'
import type { UserExtras } from './user-extras.ts'

/** How the current user of a kubeconfig proves who it is. */
export function chooseCredentials(
  config: KubeConfig,
  extras: UserExtras,
  place: Place,
): Credentials {
  const user = config.getCurrentUser()
  const exec = (user?.exec ?? undefined) as ExecConfig | undefined
  if (exec) {
    return new ExecCredentials({
      config: { ...exec, command: extras.execCommand ?? exec.command },
      env: place.env,
      cluster: clusterInfo(config),
    })
  }
  const provider = user?.authProvider as ProviderConfig | undefined | null
  const tokenFile = extras.tokenFile ?? provider?.config?.tokenFile
  return tokenFile === undefined ? new KubeconfigCredentials(user) : new TokenFile(tokenFile)
}

interface ProviderConfig {
  readonly config?: { readonly tokenFile?: string }
}

/** What a plugin with `provideClusterInfo` is told. */
function clusterInfo(config: KubeConfig): Readonly<Record<string, unknown>> {
  const cluster = config.getCurrentCluster()
  return {
    server: cluster?.server,
    'tls-server-name': cluster?.tlsServerName,
    'insecure-skip-tls-verify': cluster?.skipTLSVerify,
    'certificate-authority-data': cluster?.caData,
    'proxy-url': cluster?.proxyUrl,
  }
}
