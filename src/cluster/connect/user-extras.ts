import { dirname, isAbsolute, resolve } from 'node:path'

/** What a kubeconfig says of a user and client-node does not keep; paths are absolute. */
export interface UserExtras {
  readonly tokenFile?: string
  readonly asGroups?: readonly string[]
  readonly asUid?: string
  /** Of `exec`, when it is a path; relative ones are meant from the kubeconfig's folder. */
  readonly execCommand?: string
}

/** Reads the extras of each user of a parsed kubeconfig, by the user's name. */
export function userExtras(kubeconfig: unknown, file: string): Map<string, UserExtras> {
  const users = (kubeconfig as { users?: unknown }).users
  const extras = new Map<string, UserExtras>()
  for (const entry of Array.isArray(users) ? (users as RawEntry[]) : []) {
    if (typeof entry.name === 'string' && !extras.has(entry.name))
      extras.set(entry.name, extrasOf(entry.user ?? {}, dirname(file)))
  }
  return extras
}

interface RawEntry {
  readonly name?: unknown
  readonly user?: Readonly<Record<string, unknown>> | null
}

function extrasOf(user: Readonly<Record<string, unknown>>, folder: string): UserExtras {
  const groups = user['as-groups']
  const command = (user['exec'] as { command?: unknown } | undefined)?.command
  return {
    ...(typeof user['tokenFile'] === 'string' && { tokenFile: resolve(folder, user['tokenFile']) }),
    ...(Array.isArray(groups) && { asGroups: groups.map(String) }),
    ...(typeof user['as-uid'] === 'string' && { asUid: user['as-uid'] }),
    ...(typeof command === 'string' &&
      command.includes('/') &&
      !isAbsolute(command) && { execCommand: resolve(folder, command) }),
  }
}
