import type { RequestSpec } from '../../scenario/scenario.ts'
import { hasVariables, readTemplate, type Template } from '../../scenario/read-template.ts'
import { type PreparedRequest, WholeRequest } from '../prepared-request.ts'
import type { CsvColumns } from './read-csv.ts'
import type { RequestRandom } from './request-random.ts'
import { withLength } from './request-with-body.ts'

/** Where the values of variables come from. */
export interface VariableValues {
  readonly random: RequestRandom
  readonly csv: CsvColumns
}

/** Whether a request is to be made anew each time. */
export const isTemplate = ({
  path,
  headers,
  body,
}: Pick<PreparedRequest, 'path' | 'headers'> & { readonly body: string }): boolean =>
  [path, body, ...headers.map(([, value]) => value)].some(hasVariables)

/**
 * Compiles a request with variables, once; what it gives makes request `seq`. Each place draws a value of its own. In
 * the path, what must not be on a request line is percent-encoded; in a header, line breaks become blanks.
 */
export function requestTemplate(
  spec: RequestSpec,
  prepared: PreparedRequest,
  values: VariableValues,
): (seq: number) => PreparedRequest {
  const path = compile(spec.path, inPath)
  const headers = prepared.headers.map((line): Line => {
    const [name, value] = line
    const fillValue = compile(value, inHeader)
    return hasVariables(value) ? (seq) => [name, fillValue(seq, values)] : () => line
  })
  const body = compile(spec.body ?? '', (value) => value)
  const fixedBody = hasVariables(spec.body ?? '') ? undefined : prepared.body
  return (seq) => {
    values.random.restart(seq)
    const made = { ...spec, path: path(seq, values) }
    const lines = headers.map((line) => line(seq))
    if (fixedBody) return new WholeRequest(made, lines, fixedBody, prepared.check)
    const bytes = Buffer.from(body(seq, values), 'utf8')
    return new WholeRequest(made, withLength(lines, bytes.length), bytes, prepared.check)
  }
}

type Line = (seq: number) => PreparedRequest['headers'][number]

type Fill = (seq: number, values: VariableValues) => string

function compile(text: string, encode: (value: string) => string): Fill {
  const template = readTemplate(text)
  if ('message' in template) throw new Error(`a template that was not checked: ${template.message}`)
  const [only] = template
  if (template.length === 1 && typeof only === 'string') return () => only
  return (seq, values) => fill(template, encode, seq, values)
}

function fill(
  template: Template,
  encode: (value: string) => string,
  seq: number,
  { random, csv }: VariableValues,
): string {
  let text = ''
  for (const part of template) {
    if (typeof part === 'string') text += part
    else if (part.name === 'seq') text += String(seq)
    else if (part.name === 'uuid') text += random.uuid()
    else if (part.name === 'random') text += String(random.between(part.low, part.high))
    else text += encode(csv.valueOf(part.column, seq))
  }
  return text
}

const inPath = (value: string): string => value.replace(/[^\x21-\x7e]+/g, encodeURIComponent)

// A header goes out as Latin-1; its letters beyond ASCII are the bytes of their UTF-8.
const inHeader = (value: string): string =>
  // eslint-disable-next-line no-control-regex
  Buffer.from(value.replace(/[\u0000-\u001f\u007f]+/g, ' '), 'utf8').toString('latin1')
