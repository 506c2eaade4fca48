import type { Agent } from 'node:http'
import type { RequestOptions } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'

/** The agent of client-node for a SOCKS proxy; it keeps the certificates that it was made with. */
export async function socksAgent(config: KubeConfig, proxy: URL): Promise<Agent> {
  const bare = new KubeConfig()
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()]
  if (!cluster) throw new Error('a connection without a cluster')
  const { name, certFile, certData, keyFile, keyData } = user ?? { name: 'nobody' }
  const certificates = { certFile, certData, keyFile, keyData }
  const given = Object.entries(certificates).filter(([, value]) => value !== undefined)
  bare.loadFromClusterAndUser(
    { ...cluster, proxyUrl: proxy.href },
    { name, ...Object.fromEntries(given) },
  )
  const options: RequestOptions = {}
  await bare.applyToHTTPSOptions(options)
  return options.agent as Agent
}
