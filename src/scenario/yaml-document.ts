import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'
import type { Place, Problem } from '../base/problem.ts'

const MAX_BYTES = 1_048_576
const MAX_DEPTH = 64
const MAX_KEYS = 1_000
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype', '<<'])

/** A YAML text with the way back from a value to its place. */
export interface YamlDocument {
  readonly value: unknown
  /** The place of the value at a path, or of its key; the nearest parent's when there is none. */
  placeOf(path: readonly PropertyKey[], what: 'key' | 'value'): Place
}

/**
 * Parses YAML with limits on size, depth and keys, without aliases, merges and duplicate keys
 * (reliability-security 4.5). Gives the document, or every problem found.
 */
export function parseYaml(text: string, file: string): YamlDocument | readonly Problem[] {
  const counter = new LineCounter()
  const lines = text.split('\n')
  const placeAt = (offset: number, length: number): Place => {
    const { line, col } = counter.linePos(offset)
    return {
      file,
      line,
      column: col,
      text: lines[line - 1]?.replace(/\r$/, '') ?? '',
      length: Math.max(1, length),
    }
  }
  if (text.length > MAX_BYTES) {
    return [{ code: 'too-large', message: `${file} is larger than 1 MiB` }]
  }
  const document = parseDocument(text, {
    lineCounter: counter,
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
  })
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({
      code: 'yaml-syntax',
      message: error.message,
      place: placeAt(error.pos[0], 1),
    }))
  }
  const problems = checkNodes(document, (node, message, code) => ({
    code,
    message,
    place: placeAt(node.range?.[0] ?? 0, (node.range?.[1] ?? 1) - (node.range?.[0] ?? 0)),
  }))
  if (problems.length > 0) return problems
  return {
    value: document.toJS(),
    placeOf(path, what) {
      const [start, end] = rangeOf(document, path, what)
      const place = placeAt(start, end - start)
      return {
        ...place,
        length: Math.max(1, Math.min(place.length, place.text.length - place.column + 1)),
      }
    },
  }
}

type MakeProblem = (node: Node, message: string, code: string) => Problem

function checkNodes(document: Document, problem: MakeProblem): Problem[] {
  const problems: Problem[] = []
  const visit = (node: unknown, depth: number): void => {
    if (isAlias(node)) problems.push(problem(node, 'aliases are not allowed', 'yaml-alias'))
    else if (isMap(node) || isSeq(node)) {
      if (depth > MAX_DEPTH) {
        problems.push(problem(node, `nested deeper than ${MAX_DEPTH} levels`, 'yaml-depth'))
        return
      }
      if (node.items.length > MAX_KEYS) {
        problems.push(problem(node, `more than ${MAX_KEYS} entries`, 'yaml-size'))
        return
      }
      if (isSeq(node)) node.items.forEach((item) => visit(item, depth + 1))
      else checkMap(node)
      if (isMap(node)) node.items.forEach((pair) => visit(pair.value, depth + 1))
    }
  }
  const checkMap = (map: { items: readonly { key: unknown }[] }): void => {
    const seen = new Set<string>()
    for (const { key } of map.items) {
      if (!isScalar(key)) continue
      const text = String(key.value)
      if (seen.has(text)) problems.push(problem(key, `"${text}" is given twice`, 'duplicate-key'))
      if (FORBIDDEN_KEYS.has(text))
        problems.push(problem(key, `the key "${text}" is not allowed`, 'forbidden-key'))
      seen.add(text)
    }
  }
  visit(document.contents, 0)
  return problems
}

function rangeOf(
  document: Document,
  path: readonly PropertyKey[],
  what: 'key' | 'value',
): readonly [number, number] {
  let node: unknown = document.contents
  let range: readonly [number, number] = [0, 1]
  for (const [depth, part] of path.entries()) {
    const isLast = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(part),
      )
      if (!pair) return range
      const shown = isLast && what === 'value' && pair.value ? pair.value : pair.key
      range = nodeRange(shown) ?? range
      node = pair.value
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part]
      range = nodeRange(node) ?? range
    } else return range
  }
  return range
}

function nodeRange(node: unknown): readonly [number, number] | undefined {
  const range = (node as Node | null | undefined)?.range
  return range ? [range[0], range[1]] : undefined
}
