import { readFile } from 'node:fs/promises'
import { parseAllDocuments } from 'yaml'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { JsonObject } from '../scenario/scenario.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import { appsPath, corePath, gatewayPath, networkingPath, policyPath } from './paths.ts'

type PathOf = (namespace: string, resource: string, name?: string) => string

/** Kinds that a manifest may hold, with the place of their collection. */
const KINDS: Readonly<Record<string, readonly [PathOf, string]>> = {
  Deployment: [appsPath, 'deployments'],
  StatefulSet: [appsPath, 'statefulsets'],
  DaemonSet: [appsPath, 'daemonsets'],
  Service: [corePath, 'services'],
  Ingress: [networkingPath, 'ingresses'],
  Gateway: [gatewayPath, 'gateways'],
  HTTPRoute: [gatewayPath, 'httproutes'],
  ConfigMap: [corePath, 'configmaps'],
  PodDisruptionBudget: [policyPath, 'poddisruptionbudgets'],
}

/** Reads manifest files, one or more documents each. */
export async function readManifests(
  paths: readonly string[],
): Promise<Result<JsonObject[], Problem>> {
  const objects: JsonObject[] = []
  for (const path of paths) {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      return fail({
        code: 'manifest-not-readable',
        message: `the manifest ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
      })
    }
    for (const document of parseAllDocuments(text)) {
      const broken = document.errors[0]
      if (broken)
        return fail({
          code: 'manifest-syntax',
          message: `${path}: ${broken.message.split('\n')[0] ?? ''}`,
        })
      const object = document.toJS() as JsonObject | null
      if (object !== null) objects.push(object)
    }
  }
  return succeed(objects)
}

/** Creates each object in order. The lab is new at every run, so nothing of it can be there already. */
export async function applyManifests(
  connection: ClusterConnection,
  objects: readonly JsonObject[],
  namespace: string,
): Promise<Result<void, Problem>> {
  const prepared = await createNamespace(connection, namespace)
  if (!prepared.ok) return prepared
  for (const object of objects) {
    const kind = String(object['kind'])
    const known = KINDS[kind]
    if (!known) {
      return fail({
        code: 'manifest-kind',
        message: `a manifest has the kind ${kind}, which the lab does not know`,
        hint: `it knows ${Object.keys(KINDS).join(', ')}`,
      })
    }
    const [pathOf, resource] = known
    const created = await connection.client.call({
      method: 'POST',
      path: pathOf(namespace, resource),
      body: object,
    })
    if (!created.ok) return fail(apiProblem(created.error, `creating the ${kind}`))
  }
  return succeed(undefined)
}

async function createNamespace(
  { client }: ClusterConnection,
  name: string,
): Promise<Result<void, Problem>> {
  const created = await client.call({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  })
  const isThere = created.ok || created.error.status === 409
  return isThere ? succeed(undefined) : fail(apiProblem(created.error, 'creating the namespace'))
}
