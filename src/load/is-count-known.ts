import type { LoadSpec } from '../scenario/scenario.ts'

/** Whether the schedule says how many requests there will be; else what has fallen due is what was planned. */
export const isCountKnown = ({ users, ammo, endsWithSteps }: LoadSpec): boolean =>
  !users && endsWithSteps !== true && ammo?.loops === undefined && ammo?.limit === undefined
