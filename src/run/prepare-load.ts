import { lookup } from 'node:dns/promises'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { checkLimits, readLimits } from '../load/check-limits.ts'
import type { LoadAddress } from '../load/load-plan.ts'
import type { LoadSpec, Scenario } from '../scenario/scenario.ts'
import { probeAddress } from './probe-address.ts'
import { readTarget, type Target } from './read-target.ts'
import { readTls } from './read-tls.ts'

/** Load alone, its address found and checked before the start. */
export interface PreparedLoad {
  readonly scenario: Scenario
  readonly address: LoadAddress
  /** The other addresses of the name; the load goes to the first. */
  readonly otherAddresses: readonly string[]
  /** What this machine might not be able to do. */
  readonly warnings: readonly Problem[]
}

/** Resolves the address of a load, reads what TLS needs, and sees whether anything listens there. */
export async function prepareLoad(options: {
  readonly scenario: Scenario
  readonly url: string
  /** False: a target that cannot be reached is what is to be measured. */
  readonly probes: boolean
  readonly signal: AbortSignal
}): Promise<Result<PreparedLoad, Problem>> {
  const { scenario, url, probes, signal } = options
  const resolved = await resolveUrl(url, scenario.load)
  if (!resolved.ok) return resolved
  const [address, ...others] = resolved.value
  if (!address) throw new Error('a name without an address')
  const limits = checkLimits(scenario.load, await readLimits(address.host))
  const [refused] = limits.refused
  if (refused) return fail(refused)
  if (probes) {
    const protocol = scenario.load.http === '2' ? 'h2' : 'http/1.1'
    const reached = await probeAddress(address, protocol, signal)
    if (!reached.ok) return reached
  }
  return succeed({
    scenario,
    address,
    otherAddresses: others.map(({ host }) => host),
    warnings: limits.warned,
  })
}

/** Every address that a URL leads to, in the resolver's order; never none. */
export async function resolveUrl(
  url: string,
  load: LoadSpec,
): Promise<Result<readonly LoadAddress[], Problem>> {
  const target = readTarget(url)
  if (!target.ok) return target
  const { host, port, isTls, hostHeader } = target.value
  const tls = isTls ? readTls(load.tls ?? {}, host) : undefined
  if (tls && !tls.ok) return tls
  const addresses = await addressesOf(target.value)
  if (!addresses.ok) return addresses
  return succeed(
    addresses.value.map((address) => ({
      host: address,
      port,
      hostHeader,
      ...(tls && { tls: tls.value }),
    })),
  )
}

async function addressesOf({ host }: Target): Promise<Result<readonly string[], Problem>> {
  try {
    const found = await lookup(host, { all: true })
    return succeed(found.map(({ address }) => address))
  } catch (error) {
    return fail({
      code: 'dns',
      message: `the name ${host} cannot be resolved: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
    })
  }
}
