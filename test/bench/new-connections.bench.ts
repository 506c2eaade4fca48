import { figuresOf, printPairs, runAb, runPodtank, runWrk, sideBySide, users } from './beside.ts'
import { machineLine, print } from './measure.ts'
import { startNginx } from './start-nginx.ts'

/** A connection for every request, beside wrk with `Connection: close` and beside ab; bar: ≥ 1.0 × both. */
const SECONDS = 4
const REPEATS = 5

const nginx = await startNginx()
const url = `http://127.0.0.1:${nginx.port}/`
print(`${machineLine()} · ${nginx.version}, wrk and ab (Debian)`)
const ours = async () =>
  figuresOf(
    await runPodtank({
      port: nginx.port,
      seconds: SECONDS,
      connections: 'new',
      ...users(50, SECONDS),
    }),
  )
const wrk = () => runWrk(SECONDS, ['-c50', '-H', 'Connection: close', url])
printPairs('wrk, Connection: close', await sideBySide(REPEATS, ours, wrk))
printPairs('ab', await sideBySide(REPEATS, ours, () => runAb(SECONDS, url)))
nginx.stop()
