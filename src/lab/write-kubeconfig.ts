import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import type { LabCredentials } from './lab-child.ts'

const NAME = 'podtank-lab'

/**
 * Writes a kubeconfig whose current context is `podtank-lab`, with credentials an administrator's. Clients refuse plain
 * HTTP without the skip flag.
 */
export async function writeKubeconfig(
  path: string,
  serverUrl: string,
  credentials?: LabCredentials,
): Promise<void> {
  const trust = credentials
    ? { 'certificate-authority-data': Buffer.from(credentials.certificate).toString('base64') }
    : { 'insecure-skip-tls-verify': true }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: NAME, cluster: { server: serverUrl, ...trust } }],
    users: [{ name: NAME, user: credentials ? { token: credentials.adminToken } : {} }],
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME, namespace: 'default' } }],
    'current-context': NAME,
  }
  await writeFile(path, stringify(config), { mode: 0o600 })
}
