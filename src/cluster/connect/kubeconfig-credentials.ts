import type { RequestOptions } from 'node:https'
import { KubeConfig, type User } from '@kubernetes/client-node'
import { CredentialError } from './credential-error.ts'
import { addHeaders, type Credentials } from './credentials.ts'

/** What a kubeconfig holds itself: a token, a user name with a password, an OIDC provider; client-node knows them. */
export class KubeconfigCredentials implements Credentials {
  readonly #config = new KubeConfig()

  constructor(user: User | null) {
    // Certificates and the way to the server are not its business, and it would refuse plain HTTP.
    const server = { name: 'any', server: 'https://any.invalid', skipTLSVerify: true }
    this.#config.loadFromClusterAndUser(server, user ?? { name: 'nobody' })
  }

  async apply(options: RequestOptions): Promise<void> {
    const applied: RequestOptions = {}
    try {
      await this.#config.applyToHTTPSOptions(applied)
    } catch {
      // What an identity provider answered is not ours to show.
      throw new CredentialError('the credentials of the kubeconfig cannot be used')
    }
    const headers = (applied.headers ?? {}) as Readonly<Record<string, unknown>>
    const { Authorization: own, authorization = own } = headers
    if (typeof authorization === 'string') addHeaders(options, { authorization })
    if (applied.auth) options.auth = applied.auth
  }

  refused(): boolean {
    return false
  }

  secrets(): readonly string[] {
    const user: User | null = this.#config.getCurrentUser()
    const known: (string | null | undefined)[] = [user?.token, user?.password]
    return known.filter((secret) => typeof secret === 'string')
  }
}
