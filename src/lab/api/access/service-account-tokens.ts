import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { KubeObject, Store } from '../store.ts'
import type { User } from './user.ts'
import { serviceAccountGroups } from './user.ts'

/** Tokens of service accounts, as TokenRequest gives them: JWTs that end. */
export interface ServiceAccountTokens {
  issue(account: KubeObject, lifeSeconds: number, audiences: readonly string[]): string
  /** The service account of a token; undefined when it is not ours, has ended, or its account is gone. */
  userOf(token: string): User | undefined
}

interface Claims {
  readonly sub: string
  readonly exp: number
  readonly 'kubernetes.io': {
    readonly namespace: string
    readonly serviceaccount: { readonly name: string; readonly uid: string }
  }
}

export const API_AUDIENCE = 'https://kubernetes.default.svc.cluster.local'

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs with a secret of this process: no token outlives its lab. */
export function createServiceAccountTokens(store: Store): ServiceAccountTokens {
  const secret = randomBytes(32)
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest()
  return {
    issue: ({ metadata }, lifeSeconds, audiences) => {
      const { name, namespace = '', uid } = metadata
      const nowSeconds = Math.floor(Date.now() / 1000)
      const body = [
        encode({ alg: 'HS256' }),
        encode({
          aud: audiences,
          exp: nowSeconds + lifeSeconds,
          iat: nowSeconds,
          iss: API_AUDIENCE,
          jti: randomUUID(),
          'kubernetes.io': { namespace, serviceaccount: { name, uid } },
          nbf: nowSeconds,
          sub: `system:serviceaccount:${namespace}:${name}`,
        }),
      ].join('.')
      return `${body}.${sign(body).toString('base64url')}`
    },
    userOf: (token) => {
      const end = token.lastIndexOf('.')
      const body = token.slice(0, Math.max(end, 0))
      const given = Buffer.from(token.slice(end + 1), 'base64url')
      const signature = sign(body)
      if (given.length !== signature.length || !timingSafeEqual(given, signature)) return undefined
      return accountOf(store, body.split('.')[1] ?? '')
    },
  }
}

function accountOf(store: Store, payload: string): User | undefined {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims
  if (claims.exp * 1000 <= Date.now()) return undefined
  const { namespace, serviceaccount } = claims['kubernetes.io']
  const account = store.get('serviceaccounts', namespace, serviceaccount.name)
  if (account?.metadata.uid !== serviceaccount.uid) return undefined
  return { name: claims.sub, uid: serviceaccount.uid, groups: serviceAccountGroups(namespace) }
}
