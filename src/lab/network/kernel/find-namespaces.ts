import { spawn } from 'node:child_process'
import { pidNamespaceOptions } from '../../kubelet/runtime/namespace-runtime.ts'
import { toolPath } from './run-tool.ts'

/** What a kernel network of its own can be had with. */
export interface LabNamespaces {
  /** Goes before the command that is to be inside. */
  readonly prefix: readonly string[]
  readonly network: 'kernel' | 'namespaces'
  /** Why it is not `kernel`, in words that go on after "because". */
  readonly why?: string
}

/** All that the lab does in there, tried once; says how far it came. */
const TRIAL = `set -e
ip link set lo up
ip link add podtank0 type bridge
unshare --net --uts -- true
unshare ${pidNamespaceOptions.join(' ')} -- nsenter --target 1 --mount --pid -- true
cat /proc/1/task/1/children >/dev/null
echo namespaces
nft -f - <<EOF
table ip podtank {
  chain output {
    type nat hook output priority -100;
    ip daddr 198.19.0.1 tcp dport 80 dnat ip to numgen random mod 1 map { 0 : 198.18.0.2 . 80 }
  }
  chain filter { type filter hook output priority 0; ct state new reject with icmp port-unreachable; }
}
EOF
echo kernel
`

const PATIENCE_MS = 10_000

const NAMESPACES = ['--net', '--mount', ...pidNamespaceOptions, '--']

/**
 * The best that works here, found by trying; otherwise why there is nothing, in words that go on after "because". A trial
 * that hangs or is aborted has failed.
 */
export async function findNamespaces(signal?: AbortSignal): Promise<LabNamespaces | string> {
  if (process.platform !== 'linux') return 'network namespaces are there on Linux only'
  const withoutUser = ['unshare', ...NAMESPACES]
  const withUser = ['unshare', '--user', '--map-root-user', ...NAMESPACES]
  const candidates = process.getuid?.() === 0 ? [withoutUser, withUser] : [withUser]
  let reason = ''
  for (const prefix of candidates) {
    const { output, complaint } = await tryOut([...prefix, '/bin/sh', '-c', TRIAL], signal)
    if (output.includes('kernel')) return { prefix, network: 'kernel' }
    if (output.includes('namespaces')) {
      return { prefix, network: 'namespaces', why: `nft cannot be used (${complaint})` }
    }
    reason ||= `network namespaces cannot be made (${complaint})`
  }
  return reason
}

function tryOut(
  command: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ output: string; complaint: string }> {
  const [file = '', ...parameters] = command
  return new Promise((resolve) => {
    const child = spawn(file, parameters, {
      env: { ...process.env, PATH: toolPath() },
      stdio: ['ignore', 'pipe', 'pipe'],
      // `unshare` takes no other signal while its child runs.
      killSignal: 'SIGKILL',
      timeout: PATIENCE_MS,
      ...(signal && { signal }),
    })
    let output = ''
    let complaint = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    child.once('error', (error) => {
      resolve({ output: '', complaint: error.message })
    })
    child.once('close', () => {
      resolve({ output, complaint: complaint.trim().split('\n')[0] ?? '' })
    })
  })
}
