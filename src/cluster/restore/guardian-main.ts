/**
 * The guardian's own process: it lives as long as the run that started it, and puts back what that run has left when it
 * ends without a word, or says nothing for too long. It has its own session and its own connection.
 */
import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { connect } from '../connect.ts'
import type { GuardianTask } from './start-guardian.ts'
import { leasePath, readLease } from './lease-object.ts'
import { outcomeText } from './outcome-text.ts'
import { restoreLeftover } from './restore-leftover.ts'

const TICK_MS = 1_000
/** Own ticks, not time: after a suspend both processes wake up, and the run must get its chance to speak. */
const SILENT_TICKS = 15
const TRY_FOR_MS = 600_000

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
  process.on(signal, () => undefined)
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const task = JSON.parse(process.argv[2] ?? '{}') as GuardianTask
const connection = await connect(task.connect)
if (!connection.ok) {
  process.stdout.write(`${JSON.stringify(connection.error)}\n`, () => process.exit(1))
} else {
  const { client } = connection.value
  let silentTicks = 0
  let hasBegun = false
  const log = (text: string) => {
    if (task.logPath === undefined) return
    try {
      appendFileSync(task.logPath, `${new Date().toISOString()} ${text}\n`)
    } catch {
      // A full disk must not keep anything from being put back.
    }
  }
  const act = async (why: string) => {
    if (hasBegun) return
    hasBegun = true
    log(`${why}; putting back what the run ${task.run} has changed`)
    const startedMs = performance.now()
    for (;;) {
      const found = await client.call({
        method: 'GET',
        path: leasePath(task.namespace, task.leaseName),
      })
      if (!found.ok && found.error.status === 404) break
      const lease = found.ok ? readLease(found.value) : undefined
      if (found.ok && lease?.run !== task.run) break
      if (lease) {
        const by = `guardian-${randomBytes(4).toString('hex')}`
        const options = { client, lease, by, foreign: 'leave', tryForMs: TRY_FOR_MS } as const
        const { objects, isClean, problem } = await restoreLeftover(options)
        for (const { ref, outcome } of objects) log(outcomeText(ref, outcome))
        if (problem) log(problem.message)
        // A conflict stays one; anything else may go better.
        const mayGoBetter = problem ?? objects.some(({ outcome }) => outcome.type === 'failed')
        if (isClean || !mayGoBetter) break
      }
      if (performance.now() - startedMs > TRY_FOR_MS) break
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    log(`done after ${Math.round(performance.now() - startedMs)} ms`)
    process.exit(0)
  }
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    silentTicks = 0
    if (line === 'done' && !hasBegun) process.exit(0)
  })
  lines.on('close', () => void act('the run has ended without a word'))
  setInterval(() => {
    silentTicks++
    if (silentTicks > SILENT_TICKS) void act(`the run was silent for ${SILENT_TICKS} s`)
  }, TICK_MS)
  process.stdout.write('ready\n')
}
