/** The paths of fields that a JSON text gives twice in one object, e.g. `data.a`; the text is known to be JSON. */
export function findDuplicateFields(text: string): string[] {
  const found: string[] = []
  const stack: Level[] = []
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g
  for (const [token] of text.matchAll(tokens)) {
    const level = stack.at(-1)
    if (token === '{' || token === '[') stack.push(openLevel(token, level))
    else if (token === '}' || token === ']') stack.pop()
    else if (level && token === ',') step(level)
    else if (level && token === ':') level.awaitsKey = false
    else if (level?.awaitsKey && token.startsWith('"')) take(level, token, found)
  }
  return [...new Set(found)]
}

interface Level {
  readonly path: string
  readonly isList: boolean
  readonly seen: Set<string>
  awaitsKey: boolean
  key: string
  index: number
}

function openLevel(token: string, parent: Level | undefined): Level {
  const isList = token === '['
  const path = parent ? pathOf(parent) : ''
  return { path, isList, seen: new Set(), awaitsKey: !isList, key: '', index: 0 }
}

const pathOf = ({ path, isList, key, index }: Level): string => {
  if (isList) return `${path}[${String(index)}]`
  return path === '' ? key : `${path}.${key}`
}

function step(level: Level): void {
  level.index += 1
  level.awaitsKey = !level.isList
}

function take(level: Level, token: string, found: string[]): void {
  level.key = JSON.parse(token) as string
  if (level.seen.has(level.key)) found.push(pathOf(level))
  level.seen.add(level.key)
}
