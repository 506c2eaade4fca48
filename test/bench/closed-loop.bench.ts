import { figuresOf, printPairs, runPodtank, runWrk, sideBySide, users } from './beside.ts'
import { machineLine, print } from './measure.ts'
import { startNginx } from './start-nginx.ts'

/** How fast is one thread, flat out, beside wrk? 50 connections kept alive, 64 bytes; bars: ≥ 1.0, with TLS ≥ 0.8. */
const SECONDS = 5
const REPEATS = 5

const nginx = await startNginx()
print(`${machineLine()} · ${nginx.version}, wrk (Debian)`)
for (const [name, port, scheme] of [
  ['HTTP', nginx.port, 'http'],
  ['HTTPS', nginx.tlsPort, 'https'],
] as const) {
  print(`\n${name}\n`)
  const tlsMaterial = scheme === 'https' && {
    tlsMaterial: { serverName: 'localhost', insecure: true },
  }
  const options = { port, seconds: SECONDS, ...users(50, SECONDS), ...tlsMaterial }
  const pairs = await sideBySide(
    REPEATS,
    async () => figuresOf(await runPodtank(options)),
    () => runWrk(SECONDS, ['-c50', `${scheme}://127.0.0.1:${port}/`]),
  )
  printPairs('wrk', pairs)
}
nginx.stop()
