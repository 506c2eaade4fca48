import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { pause } from '../../src/base/pause.ts'
import type { FinishedRun } from '../library/check-run.ts'
import { runFile, scenarioFile } from '../library/run-in-library.ts'
import { namespaceState } from './cluster-state.ts'
import { forCluster } from './for-cluster.ts'
import { labAppsConfigMap } from './lab-apps.ts'
import { flagsFor, kubectl, testCluster } from './test-cluster.ts'

const READY_WITHIN_MS = 120_000
const LOOK_AGAIN_MS = 200

/** The pod's name in the answers of the test images' nginx; the lab's own apps have the usual header. */
const NGINX_IDENTITY = 'X-Pod'

/** A run on the cluster, with the namespace as it was before and as it was left. */
export interface ClusterRun extends FinishedRun {
  readonly before: Record<string, unknown>
  readonly after: Record<string, unknown>
}

interface ScenarioText {
  readonly target: { readonly through: string }
  readonly load: object
  readonly manifests: readonly string[]
  readonly lab?: object
}

/** Runs `use` in a namespace of its own, which is deleted afterwards without waiting for it. */
export async function inNamespace<T>(
  name: string,
  use: (namespace: string) => Promise<T>,
): Promise<T> {
  const namespace = `podtank-cmp-${name}`
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found'])
  await kubectl(['create', 'namespace', namespace])
  try {
    return await use(namespace)
  } finally {
    await kubectl(['delete', 'namespace', namespace, '--wait=false'])
  }
}

/** Runs a scenario of the library on the cluster, in a namespace that is there for it. */
export async function runOnCluster(name: string, namespace: string): Promise<ClusterRun> {
  const file = await deploy(name, namespace)
  const before = await namespaceState(namespace)
  const run = await runFile(file, flagsFor(namespace))
  return { ...run, before, after: await namespaceState(namespace) }
}

/** Applies the manifests of a scenario, waits until they answer, and gives a copy of it without manifests. */
export async function deploy(name: string, namespace: string): Promise<string> {
  const file = scenarioFile(name)
  const scenario = parse(readFileSync(file, 'utf8')) as ScenarioText
  const texts = scenario.manifests.map((one) => readFileSync(join(dirname(file), one), 'utf8'))
  const form = { ...testCluster, namespace }
  const apply = (text: string) => kubectl(['-n', namespace, 'apply', '-f', '-'], text)
  await apply(JSON.stringify(labAppsConfigMap()))
  await apply(texts.map((text) => forCluster(text, form)).join('---\n'))
  const workloads = await kubectl(['-n', namespace, 'get', 'deploy,sts,ds', '-o', 'name'])
  for (const workload of workloads.split('\n').filter(Boolean))
    await kubectl(['-n', namespace, 'rollout', 'status', workload, '--timeout=120s'])
  await untilItAnswers(scenario.target.through, namespace)
  const load = {
    ...(texts.some((text) => text.includes('podtank.lab/nginx')) && {
      identityHeader: NGINX_IDENTITY,
    }),
    ...scenario.load,
  }
  const copy = join(mkdtempSync(join(tmpdir(), 'podtank-real-')), 'scenario.yaml')
  writeFileSync(copy, stringify({ ...scenario, load, manifests: undefined, lab: undefined }))
  return copy
}

/** Proxies learn of new pods later than `rollout status` does. */
const untilItAnswers = (through: string, namespace: string): Promise<void> =>
  untilItAnswersAt(() => addressOf(through, namespace), `${namespace}.test`)

/** Waits until a GET is answered with 200; throws when it is not within two minutes. */
export async function untilItAnswersAt(
  address: () => Promise<string | undefined>,
  host: string,
): Promise<void> {
  const deadlineMs = performance.now() + READY_WITHIN_MS
  for (;;) {
    const url = await address()
    if (url !== undefined && (await statusOf(url, host)) === 200) return
    if (performance.now() > deadlineMs) throw new Error(`nothing answers at ${url ?? 'no address'}`)
    await pause(LOOK_AGAIN_MS)
  }
}

async function addressOf(through: string, namespace: string): Promise<string | undefined> {
  const get = (what: string, path: string, where: readonly string[] = []) =>
    kubectl([...where, 'get', what, '-o', `jsonpath=${path}`])
  const inIt = ['-n', namespace]
  if (through.startsWith('ingress/')) {
    const host = await get(through, '{.status.loadBalancer.ingress[0].ip}', inIt)
    return host === '' ? undefined : `http://${host}/healthz`
  }
  const port = await get(through, '{.spec.ports[0].nodePort}', inIt)
  const node = await get('nodes', '{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
  return `http://${node}:${port}/healthz`
}

/** The status of a GET on a connection of its own; 0 when none came within a second. */
const statusOf = (url: string, host: string): Promise<number> =>
  new Promise((resolve) => {
    const call = request(url, { headers: { host }, agent: false, timeout: 1000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => {
      resolve(0)
    })
    call.end()
  })
