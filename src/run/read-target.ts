import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'

/** Where a URL leads, its parts as the load needs them. */
export interface Target {
  /** A name or an IP address, without brackets. */
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  /** For the Host header: the port only where it is not the scheme's own. */
  readonly hostHeader: string
  /** Path and query as they go on the wire; never empty. */
  readonly path: string
}

/** Reads the URL of a load: http or https, no user, no fragment. */
export function readTarget(text: string): Result<Target, Problem> {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : undefined
  if (withScheme === undefined || !URL.canParse(withScheme)) {
    return fail({
      code: 'bad-url',
      message: `"${text}" is not a URL`,
      hint: 'write it whole: http://127.0.0.1:8080/',
    })
  }
  const url = new URL(withScheme)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return fail({
      code: 'bad-url',
      message: `"${url.protocol}//" is not spoken here; there are http:// and https://`,
    })
  }
  if (url.username !== '' || url.password !== '') {
    return fail({
      code: 'bad-url',
      message: 'a URL with a user is refused: it would be written into the recording',
      hint: 'use -H "Authorization: Basic …"; the header’s value is not recorded',
    })
  }
  const isTls = url.protocol === 'https:'
  return succeed({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    isTls,
    hostHeader: url.host,
    // The braces of a variable are percent-encoded by the URL's own rules; a variable they stay.
    path: `${url.pathname}${url.search}`.replace(/%7B%7B(.*?)%7D%7D/g, '{{$1}}'),
  })
}
