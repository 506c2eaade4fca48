import type { RequestSpec } from '../scenario/scenario.ts'

/** A request as bytes, made once before the start. */
export interface PreparedRequest {
  readonly method: string
  readonly tag: string | undefined
  readonly onReused: Buffer
  /** The same with `Connection: close`. */
  readonly onNew: Buffer
  isOk(status: number): boolean
}

/** Builds the bytes of a request. Framing headers of the user's own are kept out: there is one truth about length. */
export function prepareRequest(request: RequestSpec, hostHeader: string): PreparedRequest {
  const body = Buffer.from(request.body ?? '', 'utf8')
  const names = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()))
  const lines = [`${request.method} ${request.path} HTTP/1.1`]
  if (!names.has('host')) lines.push(`Host: ${hostHeader}`)
  if (!names.has('user-agent')) lines.push('User-Agent: podtank')
  if (!names.has('accept')) lines.push('Accept: */*')
  for (const [name, value] of Object.entries(request.headers)) {
    if (!['content-length', 'connection'].includes(name.toLowerCase()))
      lines.push(`${name}: ${value}`)
  }
  if (body.length > 0 || !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(request.method)) {
    lines.push(`Content-Length: ${body.length}`)
  }
  const bytes = (more: readonly string[]) =>
    Buffer.concat([Buffer.from([...lines, ...more, '', ''].join('\r\n'), 'latin1'), body])
  const okStatuses = new Set(request.okStatuses)
  return {
    method: request.method,
    tag: request.tag,
    onReused: bytes([]),
    onNew: bytes(['Connection: close']),
    isOk: (status) =>
      okStatuses.size > 0 ? okStatuses.has(status) : status >= 200 && status < 400,
  }
}

/** Which request comes when: each as often as its weight, spread evenly (smooth weighted round robin, as nginx does). */
export function requestOrder(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const current = weights.map(() => 0)
  return Array.from({ length: total }, () => {
    weights.forEach((weight, at) => (current[at] = (current[at] ?? 0) + weight))
    const chosen = current.indexOf(Math.max(...current))
    current[chosen] = (current[chosen] ?? 0) - total
    return chosen
  })
}
