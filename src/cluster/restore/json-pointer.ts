/** The value at an RFC 6901 pointer; undefined when it is not there. */
export function valueAt(object: unknown, pointer: string): unknown {
  let value: unknown = object
  for (const step of stepsOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** One step of a pointer from a key: `podtank.dev/restore` becomes `podtank.dev~1restore`. */
export const pointerStep = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
