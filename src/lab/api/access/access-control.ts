import type { Store } from '../store.ts'
import type { PolicyRule } from '../kinds/rbac.ts'
import type { AccessAttributes, Decision } from './access-attributes.ts'
import type { AccessLog } from './access-log.ts'
import type { ServiceAccountTokens } from './service-account-tokens.ts'
import type { User } from './user.ts'
import { createAccessLog } from './access-log.ts'
import { grantedRules } from './granted-rules.ts'
import { ruleMatches } from './rule-matches.ts'
import { createServiceAccountTokens } from './service-account-tokens.ts'
import { MASTERS } from './user.ts'

/** Who may do what. Without enforcement everybody may do everything, as with `--authorization-mode=AlwaysAllow`. */
export interface AccessControl {
  readonly enforced: boolean
  /** The bearer token of the administrator; absent without enforcement. */
  readonly adminToken?: string
  readonly tokens: ServiceAccountTokens
  readonly log: AccessLog
  decide(user: User, asked: AccessAttributes): Decision
  /** All that a user may do, in a namespace when one is given. */
  rulesOf(user: User, namespace?: string): readonly PolicyRule[]
}

const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/** RBAC over the roles and bindings of the store when there is an `adminToken`, else no limits. */
export function createAccessControl(store: Store, adminToken?: string): AccessControl {
  const common = { tokens: createServiceAccountTokens(store), log: createAccessLog() }
  if (adminToken === undefined) {
    return {
      ...common,
      enforced: false,
      decide: () => ({ allowed: true, reason: '' }),
      rulesOf: () => EVERYTHING,
    }
  }
  return {
    ...common,
    enforced: true,
    adminToken,
    decide: (user, asked) => decideByRules(store, user, asked),
    rulesOf: (user, namespace) =>
      grantedRules(store, user, namespace).rules.map(({ rule }) => rule),
  }
}

function decideByRules(store: Store, user: User, asked: AccessAttributes): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' }
  const namespace = 'path' in asked ? undefined : asked.namespace
  const { rules, missing } = grantedRules(store, user, namespace)
  const granted = rules.find(({ rule }) => ruleMatches(rule, asked))
  if (granted) return { allowed: true, reason: `RBAC: allowed by ${granted.by}` }
  const [first, ...more] = missing
  if (first === undefined) return { allowed: false, reason: '' }
  const all = more.length === 0 ? first : `[${missing.join(', ')}]`
  return { allowed: false, reason: `RBAC: ${all}` }
}
