import type { KubeConfig } from '@kubernetes/client-node'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { type ApiClient, apiClient, type ApiError, type ClientOptions } from './api-client.ts'
import { chooseCredentials } from './connect/choose-credentials.ts'
import { type LoadedKubeconfig, loadKubeconfig } from './connect/load-kubeconfig.ts'
import { ownPlace, type Place } from './connect/place.ts'
import { proxyOf } from './connect/proxy-of.ts'
import { Transport } from './connect/transport.ts'
import { ClockSkew } from './watch/clock-skew.ts'

export { apiProblem } from './api-problem.ts'

/** How to find the cluster: kubectl's own flags. */
export interface ConnectOptions {
  /** A kubeconfig file; absent: KUBECONFIG, then ~/.kube/config, then the pod's service account. */
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
  /** Whom to act as: `--as`. */
  readonly as?: string
  readonly asGroups?: readonly string[]
  /** Absent: this process's own environment. */
  readonly place?: Place
  /** For tests: the client's pace and chance. */
  readonly client?: Pick<ClientOptions, 'bucket' | 'chance'>
}

export interface ClusterConnection {
  readonly client: ApiClient
  readonly contextName: string
  readonly namespace: string
  readonly serverVersion: string
  /** What the answers and Events tell of the cluster's clocks. */
  readonly clocks?: ClockSkew
}

/** Reads the kubeconfig and asks the API server for its version, so that a later call is not the first to fail. */
export async function connect(
  options: ConnectOptions,
): Promise<Result<ClusterConnection, Problem>> {
  const place = options.place ?? ownPlace()
  const loaded = loadKubeconfig(options.kubeconfig, place)
  if (!loaded.ok) return loaded
  const { config } = loaded.value
  const chosen = chooseContext(config, options.context)
  if (!chosen.ok) return chosen
  const clocks = new ClockSkew()
  const client = clientOf(loaded.value, options, place, clocks)
  if (!client.ok) return client
  const version = await client.value.call({ method: 'GET', path: '/version', retries: 0 })
  if (!version.ok) return fail(unreachableProblem(client.value.server, version.error))
  const contextName = chosen.value
  const { gitVersion } = version.value as { gitVersion?: unknown }
  return succeed({
    client: client.value,
    contextName,
    namespace: options.namespace ?? config.getContextObject(contextName)?.namespace ?? 'default',
    serverVersion: typeof gitVersion === 'string' ? gitVersion : 'unknown',
    clocks,
  })
}

/** Makes the named context the current one; gives its name. */
function chooseContext(config: KubeConfig, named: string | undefined): Result<string, Problem> {
  const name = named ?? config.getCurrentContext()
  const problem = (message: string): Result<never, Problem> =>
    fail({
      code: 'kubeconfig',
      message,
      hint: 'see kubectl config get-contexts; name one with --context, or run on the embedded lab with --lab',
    })
  if (!name) return problem('there is no current context in the kubeconfig')
  const context = config.getContextObject(name)
  if (!context) {
    const known = config.getContexts().map((one) => one.name)
    return problem(
      `the kubeconfig has no context "${name}"; there are ${known.join(', ') || 'none'}`,
    )
  }
  if (!config.getCluster(context.cluster))
    return problem(
      `context "${name}" is for cluster "${context.cluster}", which is not in the kubeconfig`,
    )
  if (context.user && !config.getUser(context.user))
    return problem(`context "${name}" is for user "${context.user}", who is not in the kubeconfig`)
  config.setCurrentContext(name)
  return succeed(name)
}

function clientOf(
  { config, extras }: LoadedKubeconfig,
  options: ConnectOptions,
  place: Place,
  clocks: ClockSkew,
): Result<ApiClient, Problem> {
  const cluster = config.getCurrentCluster()
  const user = config.getCurrentUser()
  const own = extras.get(user?.name ?? '') ?? {}
  const invalid = (what: string): Result<never, Problem> =>
    fail({ code: 'kubeconfig', message: `${what} is not a URL`, hint: 'see kubectl config view' })
  const server = URL.parse(cluster?.server ?? '')
  if (!server || !/^https?:$/.test(server.protocol)) return invalid('the server of the cluster')
  let proxy: URL | undefined
  try {
    proxy = proxyOf(server, cluster?.proxyUrl, place.env)
  } catch {
    return invalid('the proxy on the way to the cluster')
  }
  const credentials = chooseCredentials(config, own, place)
  const asUser = options.as ?? user?.impersonateUser ?? undefined
  const asGroups = options.asGroups ?? own.asGroups
  const transport = new Transport({
    config,
    server,
    proxy,
    credentials,
    impersonation: {
      ...(asUser !== undefined && { user: asUser }),
      ...(asGroups !== undefined && { groups: asGroups }),
      ...(own.asUid !== undefined && { uid: own.asUid }),
    },
  })
  const proxySecrets = proxy?.password ? [proxy.password, decodeURIComponent(proxy.password)] : []
  return succeed(
    apiClient(server.href, (request) => transport.prepare(request), {
      onDate: (...answer) => clocks.serverDate(...answer),
      refused: (request) => credentials.refused(request),
      secrets: () => [...credentials.secrets(), ...proxySecrets],
      ...options.client,
    }),
  )
}

function unreachableProblem(server: string, error: ApiError): Problem {
  const isAnswered = error.status !== undefined
  return {
    code: 'cluster-unreachable',
    message: `the API server ${server} ${isAnswered ? 'does not serve us' : 'cannot be reached'}: ${error.reason}${
      error.message === error.reason ? '' : `, ${error.message}`
    }`,
    hint: `${error.hint ?? 'check kubectl get --raw /version with the same kubeconfig and context'}; or run on the embedded lab with --lab`,
  }
}
