import type { RequestOptions } from 'node:https'
import { CredentialError } from './credential-error.ts'
import { bearerOf, type Credentials, setBearer } from './credentials.ts'
import { plainWords } from './plain-words.ts'
import { runPlugin } from './run-plugin.ts'

/** `users[].user.exec` of a kubeconfig (client.authentication.k8s.io). */
export interface ExecConfig {
  readonly apiVersion?: string
  readonly command: string
  readonly args?: readonly string[] | null
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null
  readonly installHint?: string
  readonly interactiveMode?: 'Never' | 'IfAvailable' | 'Always'
  readonly provideClusterInfo?: boolean
}

export interface ExecOptions {
  readonly config: ExecConfig
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told to the plugin when it asks: `spec.cluster` of ExecCredential. */
  readonly cluster: Readonly<Record<string, unknown>>
  readonly limitMs?: number
  /** Wall clock, ms. */
  readonly nowMs?: () => number
}

/** kubectl waits for ever; a run must not. */
const LIMIT_MS = 30_000
/** A credential is fetched anew after this share of its life. */
const REFRESH_AT = 0.8

interface Credential {
  readonly token?: string
  readonly certificate?: string
  readonly key?: string
  /** Wall clock, ms; Infinity: until it is refused. */
  readonly freshUntilMs: number
}

/**
 * A credential from a plugin, such as `aws eks get-token`. One run of the plugin serves all calls that wait for it;
 * its credential is kept for four fifths of its life, or until the server refuses it.
 */
export class ExecCredentials implements Credentials {
  readonly #options: ExecOptions
  readonly #nowMs: () => number
  #credential: Credential | undefined
  #running: Promise<Credential> | undefined
  readonly #secrets = new Set<string>()

  constructor(options: ExecOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? Date.now
  }

  async apply(options: RequestOptions): Promise<void> {
    const { token, certificate, key } = await this.#fresh()
    if (token !== undefined) setBearer(options, token)
    if (certificate !== undefined) options.cert = certificate
    if (key !== undefined) options.key = key
  }

  refused(options: RequestOptions): boolean {
    const current = this.#credential
    // Of many calls that were refused together only the first finds the credential still in place.
    const isCurrent = current?.token === bearerOf(options) && current?.certificate === options.cert
    if (isCurrent) this.#credential = undefined
    return true
  }

  secrets(): readonly string[] {
    return [...this.#secrets]
  }

  #fresh(): Promise<Credential> {
    if (this.#credential && this.#nowMs() < this.#credential.freshUntilMs)
      return Promise.resolve(this.#credential)
    this.#running ??= this.#fetch().finally(() => (this.#running = undefined))
    return this.#running
  }

  async #fetch(): Promise<Credential> {
    const { config, env, limitMs = LIMIT_MS } = this.#options
    if (config.interactiveMode === 'Always')
      throw new CredentialError(
        `the credential plugin ${config.command} wants a terminal (interactiveMode: Always); podtank gives it none`,
      )
    const ran = await runPlugin({
      command: config.command,
      args: config.args ?? [],
      env: { ...env, ...this.#ownEnv() },
      limitMs,
    })
    if (!ran.ok) throw new CredentialError(this.#failureText(ran.error.why, ran.error.stderr))
    const credential = this.#read(ran.value)
    for (const secret of [credential.token, credential.key])
      if (secret !== undefined) this.#secrets.add(secret)
    this.#credential = credential
    return credential
  }

  #ownEnv(): Record<string, string> {
    const { config, cluster } = this.#options
    const info = {
      apiVersion: config.apiVersion ?? 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: { interactive: false, ...(config.provideClusterInfo === true && { cluster }) },
    }
    return {
      ...Object.fromEntries((config.env ?? []).map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(info),
    }
  }

  #failureText(why: string, stderr: string): string {
    const { command, installHint } = this.#options.config
    const said = plainWords(stderr)
    const hint = why === 'is not there' && installHint ? `: ${plainWords(installHint)}` : ''
    return `the credential plugin ${command} ${why}${said === '' ? '' : `; it said: ${said}`}${hint}`
  }

  #read(stdout: string): Credential {
    const { command, apiVersion } = this.#options.config
    const answer = readExecCredential(stdout)
    const { token, clientCertificateData, clientKeyData, expirationTimestamp } =
      answer?.status ?? {}
    const wrong = (what: string) =>
      new CredentialError(`the credential plugin ${command} printed ${what}`)
    if (answer?.kind !== 'ExecCredential') throw wrong('no ExecCredential')
    if (apiVersion !== undefined && answer.apiVersion !== apiVersion)
      throw wrong(`an ExecCredential of another version than ${apiVersion}`)
    if (!token && !clientCertificateData) throw wrong('neither a token nor a certificate')
    if (!clientCertificateData !== !clientKeyData) throw wrong('a certificate without its key')
    const nowMs = this.#nowMs()
    const lifeMs = Date.parse(expirationTimestamp ?? '') - nowMs
    return {
      ...(token && { token }),
      ...(clientCertificateData && { certificate: clientCertificateData }),
      ...(clientKeyData && { key: clientKeyData }),
      freshUntilMs: Number.isNaN(lifeMs) ? Infinity : nowMs + lifeMs * REFRESH_AT,
    }
  }
}

interface ExecCredentialObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly status?: {
    readonly token?: string
    readonly clientCertificateData?: string
    readonly clientKeyData?: string
    readonly expirationTimestamp?: string
  }
}

function readExecCredential(text: string): ExecCredentialObject | undefined {
  try {
    return (JSON.parse(text) as ExecCredentialObject | null) ?? undefined
  } catch {
    return undefined
  }
}
