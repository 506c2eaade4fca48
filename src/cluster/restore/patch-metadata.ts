import type { JsonObject } from '../../scenario/scenario.ts'
import { pointerStep } from './json-pointer.ts'
import type { ApiObject } from './restore-record.ts'
import type { Patch } from './send-patch.ts'

/**
 * Adds to a patch the precondition that the object is still the one that was read, and annotations; a null removes one.
 * In a JSON patch, `replace` of the resourceVersion gives 409 when it has moved, as in the other kinds.
 */
export function withMetadata(
  patch: Patch,
  { metadata }: ApiObject,
  annotations: Readonly<Record<string, string | null>>,
): Patch {
  const { resourceVersion } = metadata
  if (patch.type !== 'json') {
    const body = patch.body as JsonObject
    const own = (body['metadata'] ?? {}) as { annotations?: JsonObject }
    return {
      type: patch.type,
      body: {
        ...body,
        metadata: {
          ...own,
          resourceVersion,
          ...(Object.keys(annotations).length > 0 && {
            annotations: { ...own.annotations, ...annotations },
          }),
        },
      },
    }
  }
  return {
    type: 'json',
    body: [
      ...(patch.body as readonly unknown[]),
      ...annotationOperations(metadata.annotations, annotations),
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ],
  }
}

/** The map goes with its last entry, as it was not there before our first. */
function annotationOperations(
  present: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string | null>>,
): readonly unknown[] {
  const names = Object.keys(wanted)
  const isEmptied =
    names.every((name) => wanted[name] === null) &&
    Object.keys(present ?? {}).every((name) => names.includes(name))
  if (isEmptied) return present ? [{ op: 'remove', path: '/metadata/annotations' }] : []
  const map = present ? [] : [{ op: 'add', path: '/metadata/annotations', value: {} }]
  const entries = names.flatMap((name) => {
    const path = `/metadata/annotations/${pointerStep(name)}`
    const value = wanted[name]
    if (value !== null) return [{ op: 'add', path, value }]
    return present && Object.hasOwn(present, name) ? [{ op: 'remove', path }] : []
  })
  return [...map, ...entries]
}
