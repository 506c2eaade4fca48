import { z } from 'zod'
import { nearestWord } from '../base/nearest.ts'
import type { Problem } from '../base/problem.ts'
import type { YamlDocument } from './yaml-document.ts'

interface Source {
  readonly schema: z.ZodType
  readonly document: YamlDocument
}

/** What a schema objects to in a document, for people, in order of place. */
export function schemaProblems(
  error: z.ZodError,
  schema: z.ZodType,
  document: YamlDocument,
): readonly Problem[] {
  return error.issues
    .filter((issue, _, all) => !isEcho(issue, all))
    .flatMap((issue) => problemsOf(issue, [], { schema, document }))
    .sort((left, right) => (left.place?.line ?? 0) - (right.place?.line ?? 0))
}

type Issue = z.core.$ZodIssue

const isMissing = (issue: Issue) => issue.message.endsWith('received undefined')

/** A misspelt key is also a missing one, and a step with a misspelt key is one with none: said once is enough. */
function isEcho(issue: Issue, all: readonly Issue[]): boolean {
  const at = isMissing(issue)
    ? issue.path.slice(0, -1)
    : issue.code === 'custom'
      ? issue.path
      : undefined
  return (
    at !== undefined &&
    all.some((other) => other.code === 'unrecognized_keys' && pathText(other.path) === pathText(at))
  )
}

function problemsOf(issue: Issue, prefix: readonly PropertyKey[], source: Source): Problem[] {
  const { document } = source
  const path = [...prefix, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, source))
  }
  if (issue.code === 'invalid_union') {
    // The branch that got furthest is the one that was meant: the one that does not object to the value's type.
    const meant = issue.errors.find(
      (branch) => !branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0),
    )
    if (meant) return meant.flatMap((inner) => problemsOf(inner, path, source))
  }
  const place = document.placeOf(path, issue.code === 'invalid_key' ? 'key' : 'value')
  const { params } = issue as { params?: { offset?: number; length?: number } }
  return [
    {
      code: isMissing(issue) ? 'missing-key' : 'bad-value',
      message: `${path.length === 0 ? 'the scenario' : pathText(path)}: ${messageOf(issue)}`,
      place:
        params?.offset === undefined
          ? place
          : { ...place, column: place.column + params.offset, length: params.length ?? 1 },
    },
  ]
}

function messageOf(issue: Issue): string {
  if (isMissing(issue)) return 'is missing'
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code === 'invalid_union')
    return issue.message === 'Invalid input' ? 'has none of the allowed forms' : issue.message
  if (issue.code === 'too_small') return `${limitOf(issue)} at least ${Number(issue.minimum)}`
  if (issue.code === 'too_big') return `${limitOf(issue)} at most ${Number(issue.maximum)}`
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    return `must be ${issue.expected === 'object' || issue.expected === 'record' ? 'a map of keys' : `of type ${issue.expected}`}`
  }
  return issue.message.replace(/^Invalid input: /, '').replace(/^Invalid option: /, '')
}

/** What a limit is of: a number, the entries of a list, or the characters of a text. */
function limitOf({ origin }: { readonly origin: string }): string {
  if (origin === 'array') return 'the number of entries must be'
  return origin === 'string' ? 'the number of characters must be' : 'must be'
}

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  { schema, document }: Source,
): Problem {
  const known = keysAt(path, schema)
  const near = nearestWord(key, known)
  return {
    code: 'unknown-key',
    message: `${path.length === 0 ? '' : `${pathText(path)}: `}"${key}" is not a key here`,
    hint: near === undefined ? `the keys are ${known.join(', ')}` : `did you mean "${near}"?`,
    place: document.placeOf([...path, key], 'key'),
  }
}

/** The part of a JSON Schema that leads from a path to its keys. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

/** The keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[], schema: z.ZodType): readonly string[] {
  let node: SchemaNode | undefined = z.toJSONSchema(schema, { io: 'input' }) as SchemaNode
  for (const part of path) {
    const parent: readonly SchemaNode[] = node?.anyOf ?? (node ? [node] : [])
    node = parent
      .map(({ items, properties }) =>
        typeof part === 'number' ? items : properties?.[String(part)],
      )
      .find((child) => child !== undefined)
  }
  const form = node?.anyOf?.find((branch) => branch.properties) ?? node
  return Object.keys(form?.properties ?? {})
}

/** `steps[1].scale`, as messages name a place. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) =>
      typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`,
    )
    .join('')
