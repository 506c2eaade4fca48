import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Cluster, type Context, KubeConfig, type User } from '@kubernetes/client-node'
import { parseDocument } from 'yaml'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { inClusterConfig } from './in-cluster-config.ts'
import type { Place } from './place.ts'
import { type UserExtras, userExtras } from './user-extras.ts'

/** A kubeconfig, merged of its files. */
export interface LoadedKubeconfig {
  readonly config: KubeConfig
  readonly extras: ReadonlyMap<string, UserExtras>
  /** In words, for messages. */
  readonly source: string
}

const MAX_BYTES = 4 * 1024 * 1024

/**
 * Loads the kubeconfig as kubectl does: `named` alone; else the files of KUBECONFIG, of which missing ones are
 * passed over and the first to name a cluster, user, context or current context wins; else `~/.kube/config`; else
 * the pod's service account.
 */
export function loadKubeconfig(
  named: string | undefined,
  place: Place,
): Result<LoadedKubeconfig, Problem> {
  // An empty name is none, as for kubectl.
  const explicit = named === '' ? undefined : named
  const { files, isOptional } = kubeconfigFiles(explicit, place)
  const parts: Part[] = []
  for (const file of files) {
    const part = readPart(file, isOptional)
    if (!part.ok) return part
    if (part.value) parts.push(part.value)
  }
  if (parts.length > 0) return succeed({ ...merge(parts), source: files.join(delimiter) })
  const pod = explicit === undefined ? inClusterConfig(place) : undefined
  if (pod) return succeed({ config: pod, extras: new Map(), source: 'the pod’s service account' })
  return fail(
    problem(
      `there is no kubeconfig: ${files.join(', ')} ${files.length > 1 ? 'are' : 'is'} not there or empty`,
      'name a file with --kubeconfig, or run on the embedded lab with --lab',
    ),
  )
}

function kubeconfigFiles(explicit: string | undefined, { env, home }: Place) {
  if (explicit !== undefined) return { files: [explicit], isOptional: false }
  const listed = [
    ...new Set((env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')),
  ]
  return {
    files: listed.length > 0 ? listed : [join(home, '.kube', 'config')],
    isOptional: true,
  }
}

interface Part {
  readonly config: KubeConfig
  readonly extras: ReadonlyMap<string, UserExtras>
}

function readPart(file: string, isOptional: boolean): Result<Part | undefined, Problem> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    if (isOptional && code === 'ENOENT') return succeed(undefined)
    return fail(problem(`the kubeconfig ${file} cannot be read: ${code}`))
  }
  if (text.length > MAX_BYTES) return fail(problem(`the kubeconfig ${file} is larger than 4 MiB`))
  const document = parseDocument(text)
  const [wrong] = document.errors
  // Only the place: the text of the line may be a secret.
  if (wrong)
    return fail(problem(`the kubeconfig ${file} is not YAML: line ${wrong.linePos?.[0].line ?? 1}`))
  const parsed: unknown = document.toJS({ maxAliasCount: 100 })
  if (parsed === null || parsed === undefined) return succeed(undefined)
  if (typeof parsed !== 'object') return fail(problem(`${file} is not a kubeconfig`))
  const config = new KubeConfig()
  try {
    config.loadFromString(text)
    config.makePathsAbsolute(join(file, '..'))
  } catch (error) {
    return fail(problem(`the kubeconfig ${file} cannot be used: ${(error as Error).message}`))
  }
  return succeed({ config, extras: userExtras(parsed, file) })
}

/** client-go's rule: the first file that has a name or a value wins. */
function merge(parts: readonly Part[]): Part {
  const clusters = new Map<string, Cluster>()
  const users = new Map<string, User>()
  const contexts = new Map<string, Context>()
  const extras = new Map<string, UserExtras>()
  let currentContext = ''
  for (const { config, extras: more } of parts) {
    if (currentContext === '') currentContext = config.getCurrentContext() || ''
    for (const cluster of config.getClusters()) putFirst(clusters, cluster)
    for (const context of config.getContexts()) putFirst(contexts, context)
    for (const user of config.getUsers()) {
      if (!users.has(user.name)) extras.set(user.name, more.get(user.name) ?? {})
      putFirst(users, user)
    }
  }
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [...clusters.values()],
    users: [...users.values()],
    contexts: [...contexts.values()],
    currentContext,
  })
  return { config, extras }
}

function putFirst<T extends { readonly name: string }>(map: Map<string, T>, value: T): void {
  if (!map.has(value.name)) map.set(value.name, value)
}

const problem = (
  message: string,
  hint = 'see kubectl config view; name another file with --kubeconfig',
): Problem => ({ code: 'kubeconfig', message, hint })
