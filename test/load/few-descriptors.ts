import { runLoad } from './run-load.ts'

/** A process of its own, started with few file descriptors: prints what became of 100 requests at once in flight. */
const port = Number(process.argv[2])
const { planned, sent, outcomes, failures } = await runLoad({ port, timeoutUs: 2_000_000 })
const details = failures
  .filter(({ outcome }) => outcome === 'generator')
  .map(({ detail }) => detail)
process.stdout.write(JSON.stringify({ planned, sent, outcomes, details: [...new Set(details)] }))
