import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Writable } from 'node:stream'
import { firstProcessOf } from '../lab/kubelet/runtime/first-process-of.ts'
import { findNamespaces } from '../lab/network/kernel/find-namespaces.ts'
import type { LabNamespaces } from '../lab/network/kernel/find-namespaces.ts'
import { toolPath } from '../lab/network/kernel/run-tool.ts'
import type { LabNetwork } from '../lab/network/lab-network.ts'

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
/** Its end is the end of the outer program. */
const LIFELINE_FD = 3

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH'] as const

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
  options: LabPlaceOptions = {},
): Promise<LabPlace> {
  if (choice === 'loopback') return { kind: 'here', network: 'loopback' }
  const found = await findNamespaces()
  if (typeof found === 'string') return { kind: 'here', network: 'loopback', why: found }
  const network = choice === 'namespaces' ? 'namespaces' : found.network
  const place: LabPlace = {
    kind: 'here',
    network,
    ...(found.why !== undefined && choice !== 'namespaces' ? { why: found.why } : {}),
  }
  return { kind: 'ran', exitCode: await runInside(found, place, options) }
}

function runInside(
  { prefix }: LabNamespaces,
  place: LabPlace,
  { keepsSession = false }: LabPlaceOptions,
): Promise<number> {
  const [file = '', ...before] = prefix
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const unshare = spawn(file, [...before, ...again], {
    env: { ...process.env, PATH: toolPath(), [INSIDE]: JSON.stringify(place) },
    // Ctrl-C is for us, who pass it on; twice would be a second Ctrl-C.
    detached: !keepsSession,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  })
  const lifeline = unshare.stdio[LIFELINE_FD] as Writable
  lifeline.on('error', () => undefined)
  const passOn = (signal: NodeJS.Signals) => {
    const fromTerminal = keepsSession && signal !== 'SIGTERM' && signal !== 'SIGHUP'
    const inner = unshare.pid === undefined ? undefined : firstProcessOf(unshare.pid)
    if (inner !== undefined && !fromTerminal) process.kill(inner, signal)
  }
  for (const signal of FORWARDED) process.on(signal, passOn)
  return new Promise((resolve, reject) => {
    unshare.once('error', reject)
    unshare.once('exit', (code, signal) => {
      for (const name of FORWARDED) process.off(name, passOn)
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL'])
    })
  })
}

/** PID 1 has no default actions: without a handler a signal would do nothing. */
function liveAsFirstProcess(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal])
    })
  }
  const lifeline = new Socket({ fd: LIFELINE_FD })
  for (const event of ['end', 'close', 'error']) lifeline.once(event, () => process.exit(137))
  lifeline.resume()
  lifeline.unref()
}
