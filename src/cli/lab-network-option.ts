import { Option } from 'commander'
import type { LabOptions } from '../lab/lab.ts'
import type { LabNetwork } from '../lab/network/lab-network.ts'
import type { Host } from './host.ts'
import { LAB_NETWORKS } from './lab-place.ts'
import type { LabNetworkChoice, LabPlace, LabPlaceOptions } from './lab-place.ts'

/** A lab that runs in this process's own network. */
export type LabHere = Extract<LabPlace, { kind: 'here' }>

/** `--lab-network`, for every command that starts a lab. */
export const labNetworkOption = (): Option =>
  new Option('--lab-network <form>', 'how the lab makes its network; auto is the best that works')
    .choices(LAB_NETWORKS)
    .default('auto' satisfies LabNetworkChoice)

/** Where the lab is to run; a command that gets `ran` has nothing left to do but to end with that exit code. */
export const findPlaceOf = (
  host: Host,
  choice: LabNetworkChoice,
  options?: LabPlaceOptions,
): Promise<LabPlace> =>
  host.findLabPlace?.(choice, options) ?? Promise.resolve({ kind: 'here', network: 'loopback' })

/** What `startLab` is told of the place. */
export const networkOf = ({
  network,
  why,
}: LabHere): { network: LabNetwork } & Pick<LabOptions, 'networkWhy'> => ({
  network,
  ...(why === undefined ? {} : { networkWhy: why }),
})
