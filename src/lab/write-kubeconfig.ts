import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'

const NAME = 'podtank-lab'

/** Writes a kubeconfig whose current context is `podtank-lab`; clients refuse plain HTTP without the skip flag. */
export async function writeKubeconfig(path: string, serverUrl: string): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: NAME, cluster: { server: serverUrl, 'insecure-skip-tls-verify': true } }],
    users: [{ name: NAME, user: {} }],
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME, namespace: 'default' } }],
    'current-context': NAME,
  }
  await writeFile(path, stringify(config), { mode: 0o600 })
}
