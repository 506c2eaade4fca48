import { kubectlOfRef, type ObjectRef, textOfRef } from './object-ref.ts'
import { type Conflict } from './plan-restore.ts'
import type { RestoredObject } from './restore-object.ts'
import { RECORD_ANNOTATION } from './restore-record.ts'

/** What became of an object, in a sentence. */
export function outcomeText(ref: ObjectRef, outcome: RestoredObject): string {
  const name = textOfRef(ref)
  switch (outcome.type) {
    case 'clean':
      return `${name} has nothing to put back`
    case 'gone':
      return `${name} is not there any more; there is nothing to put back`
    case 'restored':
      return outcome.fields.length === 0
        ? `${name} is as it was`
        : `${name}: ${outcome.fields.map(fieldText).join(', ')} put back`
    case 'conflict':
      return `${name}: ${outcome.conflicts.map(conflictText).join('; ')}: left as it is. To put the original back: podtank restore --force; to accept it as it is: podtank restore --keep, or kubectl annotate ${kubectlOfRef(ref)} ${RECORD_ANNOTATION}-`
    case 'other-run':
      return `${name} has the record of another run, ${outcome.run}`
    case 'failed':
      return `${name}: ${outcome.problem.message}`
  }
}

const fieldText = (path: string) => path.slice(1).replaceAll('/', '.')

function conflictText({ path, original, live }: Conflict): string {
  return `somebody else has changed ${fieldText(path)} (${short(live)}; it was ${short(original)})`
}

function short(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
