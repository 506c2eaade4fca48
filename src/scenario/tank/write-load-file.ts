import { Document, isMap, isScalar } from 'yaml'
import type { LoadDraft, LoadPartDraft } from './load-draft.ts'

/** In the order of the documentation. */
const LOAD_KEYS = [
  'schedule',
  'users',
  'connections',
  'timeout',
  'maxConnections',
  'threads',
  'tls',
  'headers',
  'requests',
  'ammo',
] as const satisfies readonly (keyof LoadPartDraft)[]

/**
 * A draft as the text of a load file; `comments` are by key, `load.schedule`, and stand above it.
 */
export function writeLoadFile(
  draft: LoadDraft,
  comments: ReadonlyMap<string, readonly string[]>,
  header: string,
): string {
  const { name, about, through, load, stop } = draft
  const document = new Document({
    podtank: 1,
    name,
    ...(about !== undefined && { about }),
    ...(through !== undefined && { target: { through } }),
    load: Object.fromEntries(
      LOAD_KEYS.flatMap((key) => (load[key] === undefined ? [] : [[key, load[key]]])),
    ),
    expect: [],
    ...(stop.length > 0 && { stop }),
  })
  for (const [key, lines] of comments) commentAbove(document, key.split('.'), lines)
  document.commentBefore = ` ${header}`
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

/** The comment goes to the deepest key of the path that is there. */
function commentAbove(document: Document, path: readonly string[], lines: readonly string[]): void {
  let node: unknown = document.contents
  let found: { commentBefore?: string | null } | undefined
  for (const part of path) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && key.value === part)
      : undefined
    if (!pair || !isScalar(pair.key)) break
    found = pair.key
    node = pair.value
  }
  if (found) {
    const text = lines.map((line) => ` ${line.replace(/\s+/g, ' ')}`).join('\n')
    found.commentBefore = found.commentBefore ? `${found.commentBefore}\n${text}` : text
  }
}
