import { readFile } from 'node:fs/promises'
import type { RequestOptions } from 'node:https'
import { CredentialError } from './credential-error.ts'
import { bearerOf, type Credentials, setBearer } from './credentials.ts'

/** client-go reads a token file again after a minute. */
const KEEP_MS = 60_000

/** A bearer token in a file that somebody keeps fresh: read again every minute, and at once after a 401. */
export class TokenFile implements Credentials {
  readonly #path: string
  readonly #nowMs: () => number
  #token: string | undefined
  #readAtMs = -Infinity

  constructor(path: string, nowMs: () => number = () => performance.now()) {
    this.#path = path
    this.#nowMs = nowMs
  }

  async apply(options: RequestOptions): Promise<void> {
    if (this.#nowMs() - this.#readAtMs > KEEP_MS) await this.#read()
    if (this.#token !== undefined) setBearer(options, this.#token)
  }

  refused(options: RequestOptions): boolean {
    if (bearerOf(options) === this.#token) this.#readAtMs = -Infinity
    return true
  }

  secrets(): readonly string[] {
    return this.#token === undefined ? [] : [this.#token]
  }

  /** An unreadable file leaves the token that was read before, as client-go does. */
  async #read(): Promise<void> {
    try {
      const token = (await readFile(this.#path, 'utf8')).trim()
      if (token === '') throw new Error('it is empty')
      this.#token = token
      this.#readAtMs = this.#nowMs()
    } catch (error) {
      if (this.#token !== undefined) return
      const { code, message } = error as NodeJS.ErrnoException
      throw new CredentialError(`the token file ${this.#path} cannot be read: ${code ?? message}`)
    }
  }
}
