import { findNamespaces } from '../lab/network/kernel/find-namespaces.ts'
import type { LabNetwork } from '../lab/network/lab-network.ts'
import { exitCodeOfSignal } from './exit-code-of-signal.ts'
import { liveAsFirstProcess } from './live-as-first-process.ts'
import { runInside } from './run-inside.ts'

/** What `--lab-network` can be; `auto` is the best that works here. */
export const LAB_NETWORKS = ['auto', 'kernel', 'namespaces', 'loopback'] as const
export type LabNetworkChoice = (typeof LAB_NETWORKS)[number]

/** Where the lab is to run. */
export type LabPlace =
  | {
      readonly kind: 'here'
      readonly network: LabNetwork
      /** Why it is not the network that was asked for, or not the best one. */
      readonly why?: string
    }
  /** The program has run to its end inside namespaces. */
  | { readonly kind: 'ran'; readonly exitCode: number }

export interface LabPlaceOptions {
  /** The child shares the terminal's session, as a shell with job control needs it. */
  readonly keepsSession?: boolean
}

/** Finds the place of the lab; may run the whole program once more, inside namespaces, until it ends. */
export type FindLabPlace = (
  choice: LabNetworkChoice,
  options?: LabPlaceOptions,
) => Promise<LabPlace>

/** Tells the inner program which network it is in, as JSON of a {@link LabPlace}. */
const INSIDE = 'PODTANK_INSIDE'

/**
 * For the real process: outside it re-executes itself, inside it says where it is. As PID 1 inside, its end is the end of
 * everything there, and it ends with the outer program.
 */
export function labPlaceFinder(): FindLabPlace {
  const inside = process.env[INSIDE]
  if (inside === undefined) return findPlace
  Reflect.deleteProperty(process.env, INSIDE)
  liveAsFirstProcess()
  const place = JSON.parse(inside) as LabPlace
  return () => Promise.resolve(place)
}

async function findPlace(
  choice: LabNetworkChoice,
  { keepsSession = false }: LabPlaceOptions = {},
): Promise<LabPlace> {
  if (choice === 'loopback') return { kind: 'here', network: 'loopback' }
  const found = await unlessSignalled(findNamespaces)
  if (typeof found === 'number') return { kind: 'ran', exitCode: found }
  if (typeof found === 'string') return { kind: 'here', network: 'loopback', why: found }
  const place: LabPlace = {
    kind: 'here',
    network: choice === 'namespaces' ? 'namespaces' : found.network,
    ...(found.why !== undefined && choice !== 'namespaces' ? { why: found.why } : {}),
  }
  const env = { [INSIDE]: JSON.stringify(place) }
  return { kind: 'ran', exitCode: await runInside({ prefix: found.prefix, env, keepsSession }) }
}

/** What `work` comes to; when a signal ends it before, that signal's exit code. */
async function unlessSignalled<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | number> {
  const abort = new AbortController()
  const onSignal = (signal: string) => {
    abort.abort(signal)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  const result = await work(abort.signal)
  for (const signal of SIGNALS) process.off(signal, onSignal)
  return abort.signal.aborted ? exitCodeOfSignal(String(abort.signal.reason)) : result
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
