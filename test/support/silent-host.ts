import type { Host } from '../../src/cli/host.ts'

/** A host without a terminal; `signal` plays the keyboard and the kernel. */
export function silentHost(argv: readonly string[] = []): Host & { signal(name: string): void } {
  const handlers = new Set<(signal: string) => void>()
  return {
    argv,
    programName: 'podtank',
    env: {},
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    signal: (name) => handlers.forEach((handler) => handler(name)),
  }
}
