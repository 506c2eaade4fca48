import type { RequestOptions } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { type ApiClient, type ApiError, apiClient } from './api-client.ts'

export { apiProblem } from './api-problem.ts'

/** How to find the cluster: kubectl's own flags. */
export interface ConnectOptions {
  /** A kubeconfig file; absent: KUBECONFIG, then ~/.kube/config, then the pod's service account. */
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
}

export interface ClusterConnection {
  readonly client: ApiClient
  readonly contextName: string
  readonly namespace: string
  readonly serverVersion: string
}

/** Reads the kubeconfig and asks the API server for its version, so that a later call is not the first to fail. */
export async function connect(
  options: ConnectOptions,
): Promise<Result<ClusterConnection, Problem>> {
  const config = new KubeConfig()
  try {
    if (options.kubeconfig === undefined) config.loadFromDefault()
    else config.loadFromFile(options.kubeconfig)
    if (options.context !== undefined) chooseContext(config, options.context)
  } catch (error) {
    return fail({
      code: 'kubeconfig',
      message: `the kubeconfig cannot be used: ${(error as Error).message}`,
      hint: 'see kubectl config get-contexts; name one with --context, or a file with --kubeconfig',
    })
  }
  const cluster = config.getCurrentCluster()
  if (!cluster) {
    return fail({
      code: 'kubeconfig',
      message: 'there is no current context in the kubeconfig',
      hint: 'name one with --context, or run on the embedded lab with --lab',
    })
  }
  const client = apiClient(cluster.server, (request: RequestOptions) =>
    config.applyToHTTPSOptions(request),
  )
  const version = await client.call({ method: 'GET', path: '/version' })
  if (!version.ok) return fail(unreachableProblem(client.server, version.error))
  const contextName = config.getCurrentContext()
  const { gitVersion } = version.value as { gitVersion?: unknown }
  return succeed({
    client,
    contextName,
    namespace: options.namespace ?? config.getContextObject(contextName)?.namespace ?? 'default',
    serverVersion: typeof gitVersion === 'string' ? gitVersion : 'unknown',
  })
}

function chooseContext(config: KubeConfig, name: string): void {
  if (!config.getContextObject(name)) {
    // Without a kubeconfig the client library makes up a context of this name.
    const known = config
      .getContexts()
      .map((context) => context.name)
      .filter((known) => known !== 'loaded-context')
    throw new Error(`no context "${name}"; there are ${known.join(', ') || 'none'}`)
  }
  config.setCurrentContext(name)
}

function unreachableProblem(server: string, error: ApiError): Problem {
  return {
    code: 'cluster-unreachable',
    message: `the API server ${server} cannot be reached: ${error.reason}${
      error.message === error.reason ? '' : `, ${error.message}`
    }`,
    hint: 'check kubectl get --raw /version with the same kubeconfig and context, or run on the embedded lab with --lab',
  }
}
