import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { accessOfKubeconfig } from '../../conformance/api-client.ts'
import { podtank, type Program } from '../../support/podtank.ts'
import { KUBECONFIG, type SafeNamespace } from './safe-namespace.ts'

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podtank-safe-'))

/** A kubeconfig of one context `safe`; what is absent is the administrator's of the cluster under test. */
export function writeKubeconfig(options: {
  readonly server?: string
  readonly user?: object
}): string {
  const { server, options: access } = accessOfKubeconfig(KUBECONFIG)
  const { ca, cert, key } = access
  const base64 = (bytes: Buffer | undefined) => bytes?.toString('base64')
  const isOther = options.server !== undefined
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'safe',
    contexts: [{ name: 'safe', context: { cluster: 'safe', user: 'safe' } }],
    clusters: [
      {
        name: 'safe',
        cluster: {
          server: options.server ?? server,
          'certificate-authority-data': base64(ca),
          // A port of this machine, with the API server behind it.
          ...(isOther && { 'tls-server-name': 'kubernetes' }),
        },
      },
    ],
    users: [
      {
        name: 'safe',
        user: options.user ?? {
          'client-certificate-data': base64(cert),
          'client-key-data': base64(key),
        },
      },
    ],
  }
  const path = join(newFolder(), 'kubeconfig')
  writeFileSync(path, stringify(config))
  return path
}

/** A scenario on `deployment/web`: `seconds` of load around a scale that takes effect at once. */
export function writeSafeScenario(options: {
  readonly seconds: number
  readonly replicas?: number
  readonly through?: string
}): string {
  const { seconds, replicas = 1, through = 'service/web' } = options
  const file = join(newFolder(), 'scenario.yaml')
  writeFileSync(
    file,
    `podtank: 1
name: safe
target: { workload: deployment/web, through: ${through} }
load: { schedule: 'const(10,${seconds}s)', requests: ['/healthz'], timeout: 3s }
steps: [{ wait: 300ms }, { scale: { replicas: ${replicas} } }, { wait: ${seconds}s }]
`,
  )
  return file
}

export interface SafeRun {
  readonly program: Program
  readonly out: string
}

/** Starts a run on the namespace; `disrupted` waits until its step has been taken. */
export function startSafeRun(
  namespace: SafeNamespace,
  scenario: string,
  more: readonly string[] = [],
  kubeconfig: string = KUBECONFIG,
): SafeRun {
  const out = join(newFolder(), 'run')
  const flags = ['--kubeconfig', kubeconfig, '-n', namespace.name, '--out', out]
  return { program: podtank(['run', scenario, ...flags, ...more]), out }
}

/** The process of a run's guardian, by the directory that it was told. */
export function guardianOf(out: string): number {
  for (const path of globSync('/proc/[0-9]*/cmdline')) {
    try {
      const command = readFileSync(path, 'latin1')
      if (command.includes('guardian-main') && command.includes(out))
        return Number(path.split('/')[2])
    } catch {
      // A process that has just ended.
    }
  }
  throw new Error('there is no guardian')
}
