import type { ServerResponse } from 'node:http'
import type { ApiError, StatusDetails } from './api-error.ts'
import type { Route } from './parse-route.ts'
import { failureStatus, httpCode } from './api-error.ts'
import { detailsOf } from './details-of.ts'
import { notFound } from './store-errors.ts'

/** What a handler gives back: a whole answer, or a function that takes over the response. */
export type Answer =
  | {
      readonly code: number
      readonly body: unknown
      readonly warnings?: readonly string[]
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly code: number; readonly text: string; readonly contentType: string }
  | { readonly stream: (response: ServerResponse) => void }

export const refuse = (error: ApiError, details?: StatusDetails): Answer => ({
  code: httpCode(error),
  body: failureStatus(error, details),
})

/** 404 for the object that a route names. */
export const refuseMissing = (route: Route): Answer =>
  refuse(notFound(route.kind.resource, route.name ?? ''), detailsOf(route))

/** RFC 7234: 299, no agent, the text as a quoted string. */
const quoteWarning = (text: string): string =>
  `299 - "${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  if ('stream' in answer) {
    answer.stream(response)
    return
  }
  const isText = 'text' in answer
  const contentType = isText ? answer.contentType : 'application/json'
  const text = isText ? answer.text : `${JSON.stringify(answer.body)}\n`
  const { warnings = [], headers = {} } = isText ? {} : answer
  response.writeHead(answer.code, {
    'content-type': contentType,
    ...headers,
    ...(warnings.length > 0 ? { warning: warnings.map(quoteWarning).join(', ') } : {}),
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
