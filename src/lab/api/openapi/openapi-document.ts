import { createHash } from 'node:crypto'
import type { Answer } from '../answer.ts'
import { reviewKinds } from '../access/review-kinds.ts'
import { resourceKinds } from '../resource-kinds.ts'
import { loadSchemas, type Schema } from './load-schemas.ts'
import { openApiPaths } from './openapi-paths.ts'

const ROOT = '/openapi/v3'
const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g

interface Document {
  readonly body: object
  readonly hash: string
}

const documents = new Map<string, Document>()

/** `api/v1`, `apis/apps/v1`, …: what the lab serves. */
const served = [
  ...new Set(
    [...resourceKinds, ...reviewKinds].map(({ group, version }) =>
      group === '' ? `api/${version}` : `apis/${group}/${version}`,
    ),
  ),
].sort()

/**
 * The index at `/openapi/v3` and the document of each group and version below it, in JSON: what `kubectl explain`
 * reads, and what tells clients that the server checks fields itself. Undefined for any other path.
 */
export function openApiDocument(path: string): Answer | undefined {
  if (path === ROOT || path === `${ROOT}/`) return { code: 200, body: index() }
  if (!path.startsWith(`${ROOT}/`)) return undefined
  const name = path.slice(ROOT.length + 1)
  if (!served.includes(name)) return { code: 404, text: '', contentType: 'text/plain' }
  const { body, hash } = documentOf(name)
  // The address has the hash in it, so what a client keeps under it never gets old.
  const headers = { 'cache-control': 'public, immutable', etag: `"${hash}"` }
  return { code: 200, body, headers }
}

const index = () => ({
  paths: Object.fromEntries(
    served.map((name) => [
      name,
      { serverRelativeURL: `${ROOT}/${name}?hash=${documentOf(name).hash}` },
    ]),
  ),
})

function documentOf(name: string): Document {
  const known = documents.get(name)
  if (known) return known
  const body = describeGroup(name)
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex').toUpperCase()
  const made = { body, hash }
  documents.set(name, made)
  return made
}

function describeGroup(name: string): object {
  const [version = '', group = ''] = name.split('/').slice(1).reverse()
  const kinds = resourceKinds.filter((kind) => kind.group === group && kind.version === version)
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.assign({}, ...kinds.map(openApiPaths)) as object,
    components: { schemas: Object.fromEntries(schemasOf(group, version)) },
  }
}

/** The schemas of the kinds of a group, and of all that they refer to. */
function schemasOf(group: string, version: string): [string, Schema][] {
  const all = loadSchemas()
  const open = [...all]
    .filter(([, { 'x-kubernetes-group-version-kind': kinds = [] }]) =>
      kinds.some((kind) => kind.group === group && kind.version === version),
    )
    .map(([name]) => name)
  const found = new Map<string, Schema>()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const schema = all.get(name)
    if (!schema || found.has(name)) continue
    found.set(name, schema)
    for (const [, reference = ''] of JSON.stringify(schema).matchAll(REFERENCE)) {
      open.push(reference)
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1))
}
