import type { Command } from 'commander'
import type { Allowances } from '../cluster/guard/guard-facts.ts'

/** What the user says is meant, as typed. */
export interface GuardFlags {
  readonly confirm?: string
  readonly externalTarget?: boolean
}

/** Adds the flags that tell a guard what is meant. */
export const addGuardFlags = (command: Command): Command =>
  command
    .optionsGroup('What a guard would refuse (exit 13), when it is meant:')
    .option('--confirm <context>', 'production is meant: the name of the context')
    .option('--external-target', 'load an address that is not known to be the workload’s')

/** What is allowed, by the flags. */
export const allowancesOf = ({ confirm, externalTarget }: GuardFlags): Allowances => ({
  ...(confirm !== undefined && { confirmedContext: confirm }),
  externalTarget: externalTarget === true,
})
