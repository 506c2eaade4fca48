const PART = /(?:^|\.)([^.[\]"]+)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]/y

/** Reads `data.items[0].id`, `$.data`, `[0]` or `data["a.b"]` as its steps; undefined when it is none. */
export function readJsonPath(text: string): (string | number)[] | undefined {
  const bare = text.replace(/^\$\.?/, '')
  const path: (string | number)[] = []
  PART.lastIndex = 0
  while (PART.lastIndex < bare.length) {
    const match = PART.exec(bare)
    if (!match) return undefined
    const [, key, index, quoted] = match
    if (key !== undefined) path.push(key)
    else if (index !== undefined) path.push(Number(index))
    else path.push(unquoted(quoted ?? '""'))
  }
  return path
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    return text.slice(1, -1)
  }
}
