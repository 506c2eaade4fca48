import type { PodLife } from '../analysis/pod-lives.ts'
import { sanitize } from '../base/sanitize.ts'
import { humanAt } from '../base/units.ts'

/** A column of a table of pods: its name, and what it says of one; `–` for nothing. */
export type PodLifeColumn = readonly [name: string, text: (pod: PodLife) => string]

export const POD_NAME: PodLifeColumn = ['pod', ({ name }) => sanitize(name, 60)]

/** How a pod began, in seconds since the watch did. */
export const BEGIN_COLUMNS: readonly PodLifeColumn[] = [
  ['created', ({ createdAtUs }) => at(createdAtUs)],
  ['scheduled', ({ scheduledAtUs }) => at(scheduledAtUs)],
  ['image', ({ imagesAtUs }) => at(imagesAtUs)],
  ['started', ({ startedAtUs }) => at(startedAtUs)],
  ['ready', ({ readyAtUs }) => at(readyAtUs)],
]

/** How a pod ended, in seconds since the watch began. */
export const END_COLUMNS: readonly PodLifeColumn[] = [
  ['deleted', ({ deletedAtUs }) => at(deletedAtUs)],
  ['Killing', ({ killingAtUs }) => at(killingAtUs)],
  ['endpoint', ({ notReadyEndpointAtUs }) => at(notReadyEndpointAtUs)],
  ['exited', ({ exitedAtUs }) => at(exitedAtUs)],
  ['code', ({ exitCode }) => (exitCode === undefined ? '–' : String(exitCode))],
  ['gone', ({ goneAtUs }) => at(goneAtUs)],
]

/** The ends of a pod's containers that it outlived, in seconds since the watch began. */
export const RESTART_COLUMNS: readonly PodLifeColumn[] = [
  ['restarts', ({ restarts }) => String(restarts)],
  ['last exit', ({ exits }) => at(exits.at(-1)?.atUs)],
  ['code', ({ exits }) => String(exits.at(-1)?.exitCode ?? '–')],
  ['reason', ({ exits }) => sanitize(exits.at(-1)?.reason ?? '–', 40)],
]

const at = (atUs: number | undefined): string => (atUs === undefined ? '–' : humanAt(atUs))

/** Whether anything befell the pod while it was watched. */
export const hasChanged = ({
  wasThere,
  deletedAtUs,
  exits,
  goneAtUs,
  readyAtUs,
  notReadyEndpointAtUs,
}: PodLife): boolean =>
  !wasThere ||
  exits.length > 0 ||
  [deletedAtUs, goneAtUs, readyAtUs, notReadyEndpointAtUs].some((one) => one !== undefined)
