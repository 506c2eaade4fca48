import type { RequestOptions } from 'node:https'

/** Proves to the API server who asks. */
export interface Credentials {
  /** Adds headers and the client's certificate to a request; rejects with a CredentialError. */
  apply(options: RequestOptions): Promise<void>
  /** The server answered 401 to a request with these options; true when the next one may be answered otherwise. */
  refused(options: RequestOptions): boolean
  /** What must be in no message. */
  secrets(): readonly string[]
}

/** Adds headers; the names are lower-case. */
export function addHeaders(
  options: RequestOptions,
  more: Readonly<Record<string, string | string[]>>,
): void {
  options.headers = { ...(options.headers as Record<string, string> | undefined), ...more }
}

/** Sets the bearer token. */
export const setBearer = (options: RequestOptions, token: string): void =>
  addHeaders(options, { authorization: `Bearer ${token}` })

/** The bearer token that a request was sent with. */
export function bearerOf({ headers }: RequestOptions): string | undefined {
  const value = (headers as Readonly<Record<string, unknown>> | undefined)?.['authorization']
  return typeof value === 'string' ? value.replace(/^Bearer /, '') : undefined
}
