import { readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { CredentialError } from './credential-error.ts'

/** The certificates that a kubeconfig names for its current context, read anew each time, and how to verify the server. */
export function tlsOf(config: KubeConfig): RequestOptions {
  const cluster = config.getCurrentCluster()
  const user = config.getCurrentUser()
  const ca = read(cluster?.caFile, cluster?.caData)
  const cert = read(user?.certFile, user?.certData)
  const key = read(user?.keyFile, user?.keyData)
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster?.tlsServerName && { servername: cluster.tlsServerName }),
    ...(cluster?.skipTLSVerify && { rejectUnauthorized: false }),
  }
}

function read(file: string | undefined, data: string | undefined): Buffer | undefined {
  // The data wins when both are there, as in client-go.
  if (data) return Buffer.from(data, 'base64')
  if (!file) return undefined
  try {
    return readFileSync(file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new CredentialError(`${file} cannot be read: ${code}`)
  }
}
