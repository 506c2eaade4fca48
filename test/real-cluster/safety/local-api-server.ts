import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { get, KUBECONFIG } from './safe-namespace.ts'

/** The API server's own process, where it runs on this machine with a pid file beside the kubeconfig. */
export interface LocalApiServer {
  /** SIGKILL. */
  kill(): void
  /** With the same command line, known by the same pid file, until it is ready. */
  start(): Promise<void>
}

/** Undefined on any other cluster, which cannot be treated like that. */
export function localApiServer(): LocalApiServer | undefined {
  const home = dirname(KUBECONFIG)
  const pidFile = join(home, 'pids', 'kube-apiserver')
  if (!existsSync(pidFile)) return undefined
  const pid = Number(readFileSync(pidFile, 'utf8').split(' ')[0])
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  return {
    kill: () => {
      process.kill(pid, 'SIGKILL')
    },
    async start() {
      const log = join(home, 'logs', 'kube-apiserver.log')
      spawn('bash', ['-c', DAEMON, 'daemon', pidFile, log, ...command], {
        detached: true,
        stdio: 'ignore',
      }).unref()
      for (let tries = 0; tries < 300; tries++) {
        const ready = await get('/livez?verbose').then(
          () => true,
          (error: unknown) => error instanceof SyntaxError,
        )
        if (ready) return
        await sleep(100)
      }
      throw new Error('the API server did not come back')
    },
  }
}

/** As the cluster's own scripts start it: in its cgroup, with pid and start time for whoever ends it. */
const DAEMON = `
  pids=$1 log=$2; shift 2
  for group in /sys/fs/cgroup/*/podtank/daemons/cgroup.procs; do [ ! -e "$group" ] || echo $$ >"$group"; done
  echo "$$ $(sed "s/.*) //" /proc/$$/stat | cut -d" " -f20)" >"$pids"
  exec "$@" >>"$log" 2>&1`
