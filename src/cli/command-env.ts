import { resolve } from 'node:path'
import { addressText } from '../run/address-text.ts'
import type { PreparedRun } from '../run/prepare-run.ts'
import type { ExecuteOptions } from './execute-run.ts'

/** What programs need to find their parts and the way out; nothing else of ours reaches a command of a scenario. */
const PASSED_ON = [
  'PATH HOME USER LOGNAME SHELL LANG LC_ALL TZ TMPDIR KUBECONFIG',
  'HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy',
].flatMap((names) => names.split(' '))

/** The environment of the commands that a scenario runs: little of ours, the cluster of the run, and what the run is about. */
export function commandEnvOf(
  { host, connect }: Pick<ExecuteOptions, 'host' | 'connect'>,
  { connection, workload, address }: PreparedRun,
  labKubeconfig: string | undefined,
): Readonly<Record<string, string>> {
  const env: Record<string, string> = {}
  for (const name of PASSED_ON) if (host.env[name] !== undefined) env[name] = host.env[name]
  const kubeconfig = labKubeconfig ?? connect.kubeconfig
  if (kubeconfig !== undefined) env['KUBECONFIG'] = resolve(host.cwd, kubeconfig)
  return {
    ...env,
    PODTANK_CONTEXT: connection.contextName,
    PODTANK_NAMESPACE: workload.namespace,
    PODTANK_WORKLOAD: `${workload.ref.kind}/${workload.ref.name}`,
    PODTANK_ADDRESS: addressText(address),
  }
}
