import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findNamespaces } from '../../src/lab/network/kernel/find-namespaces.ts'
import { machineLine, print, spread, table, waitForQuiet } from './measure.ts'

/** How fast is a Service of the lab? Bar: over the kernel ≥ 0.9 of the way straight to the pod; ten sandboxes in 0.3 s. */
const inside = fileURLToPath(new URL('lab-network-inside.ts', import.meta.url))
const found = await findNamespaces()
print(machineLine())
if (typeof found === 'string') print(`over loopback only, because ${found}`)

const rows: string[][] = []
const best = typeof found === 'string' ? [] : found.network === 'kernel' ? ['kernel'] : []
for (const network of [...best, ...(typeof found === 'string' ? [] : ['namespaces']), 'loopback']) {
  await waitForQuiet()
  const prefix = typeof found === 'string' || network === 'loopback' ? [] : found.prefix
  const [file = '', ...parameters]: readonly string[] = [
    ...prefix,
    process.execPath,
    inside,
    network,
  ]
  const figures = JSON.parse(execFileSync(file, parameters, { encoding: 'utf8' })) as {
    direct: number[]
    service: number[]
    sandboxesMs?: number
  }
  const ratios = figures.service.map((rate, index) => rate / (figures.direct[index] ?? rate))
  rows.push([
    network,
    spread(figures.direct),
    spread(figures.service),
    spread(ratios, 2),
    figures.sandboxesMs === undefined ? '–' : `${String(figures.sandboxesMs)} ms`,
  ])
}
print(
  table(['network', 'direct, requests/s', 'through the Service', 'ratio', 'ten sandboxes'], rows),
)
