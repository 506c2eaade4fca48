import type { PodTemplate } from '../../api/kinds/pod.ts'

export const HASH_LABEL = 'pod-template-hash'

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * The hash in a ReplicaSet's name and labels: FNV-1a of the template, in Kubernetes' alphabet of safe letters. The
 * same template always gives the same one; `collisions` gives another when a name is taken by another template.
 */
export function podTemplateHash(template: PodTemplate, collisions: number): string {
  let hash = 0x811c9dc5
  for (const character of `${canonical(template)}#${String(collisions)}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  }
  const digits = String(hash)
  return Array.from(digits, (digit) => ALPHABET.charAt(digit.charCodeAt(0) % ALPHABET.length)).join(
    '',
  )
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`
}
