import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executeRun } from '../../src/cli/execute-run.ts'
import type { RunResult } from '../../src/report/result.ts'
import { readScenario } from '../../src/scenario/read-scenario.ts'
import { silentHost } from './silent-host.ts'

export interface LabRunOptions {
  readonly scenario: string
  readonly manifest: string
  readonly seed: number
}

export interface LabRun {
  readonly directory: string
  readonly truthPath: string
  readonly result: RunResult
}

/** Runs a scenario, given as text, on a lab of its own, without the command line. */
export async function labRun({ scenario, manifest, seed }: LabRunOptions): Promise<LabRun> {
  const folder = mkdtempSync(join(tmpdir(), 'podtank-test-'))
  const file = join(folder, 'scenario.yaml')
  writeFileSync(join(folder, 'web.yaml'), manifest)
  writeFileSync(file, scenario)
  const read = readScenario(scenario, file)
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  const executed = await executeRun({
    host: silentHost(),
    scenario: read.value,
    lab: { seed },
    connect: {},
    directory: join(folder, 'run'),
    announce: () => undefined,
    openView: () => Promise.resolve({ entry: () => undefined, close: () => Promise.resolve() }),
  })
  if (!executed.ok) throw new Error(JSON.stringify(executed.error))
  return {
    directory: executed.value.directory,
    truthPath: join(executed.value.directory, 'lab', 'truth.ndjson'),
    result: executed.value.result,
  }
}

export interface WorkloadOptions {
  readonly image: string
  readonly replicas: number
  readonly env?: Readonly<Record<string, string>>
  /** Lines of the pod spec, and of the container, as YAML flow maps without braces. */
  readonly podSpec?: string
  readonly container?: string
  readonly strategy?: string
  /** Behind an Ingress of this class. */
  readonly ingress?: 'nginx' | 'haproxy' | 'envoy'
}

/** The manifest of a Deployment `web` with its Service, and its Ingress when asked for. */
export function workloadManifest(options: WorkloadOptions): string {
  const env = Object.entries(options.env ?? {}).map(([name, value]) => ({ name, value }))
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${options.replicas}
  ${options.strategy ?? ''}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      ${options.podSpec ?? ''}
      containers:
        - name: web
          image: ${options.image}
          env: ${JSON.stringify(env)}
          ports: [{ containerPort: 8080 }]
          ${options.container ?? ''}
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`
  return options.ingress
    ? `${deployment}---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { ingressClassName: ${options.ingress}, defaultBackend: { service: { name: web, port: { number: 80 } } } }
`
    : deployment
}
