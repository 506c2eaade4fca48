import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { BRIDGE } from '../../network/kernel/set-up-bridge.ts'
import { runTool, toolPath } from '../../network/kernel/run-tool.ts'
import { NODE_IP } from '../../network/lab-addresses.ts'
import { firstProcessOf } from '../runtime/first-process-of.ts'
import { pidNamespaceOptions } from '../runtime/namespace-runtime.ts'
import type { PodSandbox, PodSandboxes, SandboxedPod } from './pod-sandbox.ts'

/**
 * Says that the namespaces are there, waits for the pod's end of the cable, gives it its address, says so, and holds the
 * namespaces until it is killed. /32, so that every packet goes by the node and NAT is undone on the way back.
 */
const PAUSE = `hostname "$1"; echo made; read -r go
ip -batch - <<EOF || exit 1
link set lo up
addr add $2/32 dev eth0
link set eth0 up
route add default via ${NODE_IP} onlink dev eth0
EOF
echo up; exec >&-
`
const HOLD = 'exec sleep 2147483647'
/** As PID 1 of all containers of a pod it reaps what they leave. */
const HOLD_AND_REAP = 'while :; do sleep 2147483647 & wait; done'

/** Sandboxes with network namespaces on the node's bridge; needs `setUpBridge` before. Addresses are given in turn. */
export function namespaceSandboxes(): PodSandboxes {
  let last = 1
  return {
    create: (pod) => {
      // 198.18.0.2 to 198.18.255.254.
      last = last === 0xfffe ? 2 : last + 1
      return createSandbox(pod, last)
    },
  }
}

async function createSandbox(pod: SandboxedPod, number: number): Promise<PodSandbox> {
  const ip = `198.18.${String(number >> 8)}.${String(number & 0xff)}`
  const cable = `pod${String(number)}`
  const pause = startPause(pod, ip)
  const pid = await pauseMade(pause, pod.sharesProcesses)
  const plugged = await runTool(
    ['ip', '-batch', '-'],
    `link add ${cable} type veth peer name eth0 netns ${String(pid)}
link set ${cable} master ${BRIDGE} up
`,
  )
  if (plugged !== undefined) throw new Error(`the sandbox of ${pod.name} has no cable: ${plugged}`)
  pause.stdin?.end('go\n')
  await said(pause, 'up')
  const shared = pod.sharesProcesses ? ['--mount', '--pid'] : []
  return {
    ip,
    enter: ['nsenter', '--target', String(pid), '--net', '--uts', ...shared],
    remove: async () => {
      const gone = once(pause, 'exit')
      process.kill(pid, 'SIGKILL')
      await gone
      // What the bridge still knows of the address would swallow packets in silence for a while.
      const traces = `link del ${cable}\nneigh del ${ip} dev ${BRIDGE}\n`
      await runTool(['ip', '-force', '-batch', '-'], traces)
    },
  }
}

function startPause(pod: SandboxedPod, ip: string): ChildProcess {
  const namespaces = ['--net', '--uts', ...(pod.sharesProcesses ? pidNamespaceOptions : [])]
  const script = PAUSE + (pod.sharesProcesses ? HOLD_AND_REAP : HOLD)
  return spawn(
    'unshare',
    [...namespaces, '--', '/bin/sh', '-c', script, 'pause', pod.hostname, ip],
    {
      env: { PATH: toolPath() },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
}

async function pauseMade(pause: ChildProcess, isForked: boolean): Promise<number> {
  await said(pause, 'made')
  const pid = pause.pid ?? 0
  const first = isForked ? firstProcessOf(pid) : pid
  if (first === undefined) throw new Error('a sandbox ended before it was made')
  return first
}

/** Waits for a line of the pause process. */
function said(pause: ChildProcess, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    pause.stdout?.once('data', (chunk: Buffer) => {
      if (chunk.toString().trim() === line) resolve()
      else reject(new Error(`a sandbox said ${chunk.toString()} instead of ${line}`))
    })
    pause.once('error', reject)
    pause.once('exit', () => {
      reject(new Error(`a sandbox ended before it said ${line}`))
    })
  })
}
