import type { ApiCall, ApiVerb } from '../api-call.ts'
import type { User } from './user.ts'

/** A kind of call that was made, and how often. */
export interface AccessUse {
  readonly user: string
  readonly groups: readonly string[]
  readonly verb: ApiVerb
  readonly group: string
  /** With its subresource. */
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
  readonly allowed: boolean
  readonly count: number
}

/** Which verbs were used on what: the record that proves a Role the smallest. */
export interface AccessLog {
  note(user: User, call: ApiCall, allowed: boolean): void
  uses(): readonly AccessUse[]
  clear(): void
}

/** More kinds of calls than this are not told apart any more: they are left out. */
const MAX_USES = 20_000

/** An empty record. */
export function createAccessLog(): AccessLog {
  const uses = new Map<string, AccessUse>()
  return {
    note: ({ name: user, groups }, call, allowed) => {
      const key = JSON.stringify([user, call, allowed])
      const before = uses.get(key)
      if (!before && uses.size >= MAX_USES) return
      uses.set(key, { user, groups, ...call, allowed, count: (before?.count ?? 0) + 1 })
    },
    uses: () => [...uses.values()],
    clear: () => {
      uses.clear()
    },
  }
}
