import { safeText } from './markup.ts'
import type { Timeline } from './timeline/timeline.ts'

/** What the page's script works with; {@link embeddedJson} puts it into the file. */
export interface PageData {
  readonly timeline: Timeline
}

/** The id of the element that holds the data. */
export const DATA_ID = 'data'

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** JSON that cannot end the script element it stands in; every string in it is sanitised. */
export function embeddedJson(data: PageData): string {
  const json = JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'string' ? safeText(value) : value,
  )
  return json.replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? '')
}
