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

/** Sets the bearer token. */
export function setBearer(options: RequestOptions, token: string): void {
  options.headers = { ...options.headers, authorization: `Bearer ${token}` } as Record<
    string,
    string
  >
}

/** The bearer token that a request was sent with. */
export function bearerOf({ headers }: RequestOptions): string | undefined {
  const value = (headers as Readonly<Record<string, unknown>> | undefined)?.['authorization']
  return typeof value === 'string' ? value.replace(/^Bearer /, '') : undefined
}
