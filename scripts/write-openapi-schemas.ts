import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reviewKinds } from '../src/lab/api/access/review-kinds.ts'
import { resourceKinds } from '../src/lab/api/resource-kinds.ts'

/**
 * Writes src/lab/api/openapi/schemas.jsonl: the schemas of every kind that the lab serves and of what these are made
 * of, a line each, out of a folder with the documents of a real API server: `api__v1_openapi.json` is what it answers
 * at /openapi/v3/api/v1, and so on. (`api/openapi-spec/v3` of a release has the same without the enums.)
 */
interface Schema {
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string
    readonly version: string
    readonly kind: string
  }[]
}

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g
/** What a subresource takes or gives and is no kind of its own. */
const OTHERS = [
  'autoscaling/v1/Scale',
  'policy/v1/Eviction',
  'authentication.k8s.io/v1/TokenRequest',
]

const folder = process.argv[2]
if (folder === undefined) throw new Error('which folder has the OpenAPI documents?')

const schemas = new Map<string, Schema>(
  globSync('api*_openapi.json', { cwd: folder }).flatMap((file) => {
    const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      readonly components?: { readonly schemas?: Record<string, Schema> }
    }
    return Object.entries(document.components?.schemas ?? {})
  }),
)

const served = new Set([
  ...[...resourceKinds, ...reviewKinds].map(({ group, version, kind }) =>
    [group, version, kind].join('/'),
  ),
  ...OTHERS,
])
const wanted = new Set<string>()
const open = [...schemas]
  .filter(([, { 'x-kubernetes-group-version-kind': kinds = [] }]) =>
    kinds.some(({ group, version, kind }) => served.has([group, version, kind].join('/'))),
  )
  .map(([name]) => name)
for (let name = open.pop(); name !== undefined; name = open.pop()) {
  if (wanted.has(name)) continue
  wanted.add(name)
  const text = JSON.stringify(schemas.get(name))
  for (const [, reference = ''] of text.matchAll(REFERENCE)) open.push(reference)
}
writeFileSync(
  join(import.meta.dirname, '..', 'src', 'lab', 'api', 'openapi', 'schemas.jsonl'),
  [...wanted]
    .sort()
    .map((name) => `${JSON.stringify([name, schemas.get(name)])}\n`)
    .join(''),
)
