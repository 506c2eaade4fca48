import { readStopCriterion } from '../read-stop-criterion.ts'
import { linesOf } from './import-requests.ts'
import type { LoadDraft } from './load-draft.ts'
import { isOn, type TankPath, type TankSection } from './tank-section.ts'

const CRITERION = /[\w-]+\s*\([^()]*\)?/g

/** What Tank itself could not do. */
const NEVER_WORKED = /^(?:steady_cumulative|qsat)\b/

/** Metrics of Tank's monitoring that podtank has of the generator itself. */
const METRICS: Readonly<Record<string, string>> = { CPU_steal: 'steal' }

/** Imports the criteria of autostop's section into `stop`. */
export function importAutostop(section: TankSection, draft: LoadDraft): void {
  const enabled = section.take('enabled')
  const given = section.take('autostop')
  section.take('package')
  section.drop({ report_file: 'the criterion that held is in result.json' })
  section.dropUnknown()
  if (given === undefined) return
  if (enabled !== undefined && !isOn(enabled)) {
    section.notes.dropped(section.at('autostop'), 'autostop is switched off')
    return
  }
  const entries: readonly (readonly [TankPath, string])[] = Array.isArray(given)
    ? given.flatMap((entry, at) =>
        linesOf(entry).map((line) => [section.at('autostop', at), line] as const),
      )
    : linesOf(given).map((line) => [section.at('autostop'), line] as const)
  for (const [path, line] of entries) {
    const rest = line.replace(CRITERION, '').replace(/[\s,;]+/g, '')
    if (rest !== '')
      section.notes.problem(
        path,
        'tank-autostop',
        `"${line}" is not a criterion, such as http(5xx,10%,5s)`,
      )
    else for (const [text] of line.matchAll(CRITERION)) importCriterion(section, path, text, draft)
  }
}

function importCriterion(
  section: TankSection,
  path: TankPath,
  given: string,
  draft: LoadDraft,
): void {
  const { notes } = section
  const isMetric = given.startsWith('metric_')
  const text = isMetric ? withOurMetric(given) : given.trim()
  const read = readStopCriterion(text)
  if (typeof read !== 'string') {
    draft.stop.push(text)
    if (text !== given) notes.changed(path, 'stop', `was ${given}`)
    else if (/\d\.\d+\s*(?:ms|s|m|h|d|w)\b/.test(text)) {
      notes.changed(path, 'stop', `${text}: a decimal is a decimal; Tank reads 0.5s as 5s`)
    } else notes.mapped(path, 'stop')
  } else if (isMetric || NEVER_WORKED.test(given)) notes.dropped(path, read)
  else notes.problem(path, 'tank-autostop', read)
}

function withOurMetric(text: string): string {
  const parts = text.split(',')
  const metric = parts[1]?.trim() ?? ''
  const ours = Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined
  return ours === undefined ? text : parts.with(1, ours).join(',')
}
