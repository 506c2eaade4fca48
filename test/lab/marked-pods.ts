import { readdirSync, readFileSync } from 'node:fs'
import type { Pod } from '../../src/lab/api/kinds/pod.ts'
import { until } from './kubelet/test-node.ts'

export const MARKER = 'PODTANK_TEST_MARKER'

/** Starts a server, a shell with a child, and a process that left its group, all with the marker; waits for them. */
export async function startMarkedPods(serverUrl: string, marker: string): Promise<void> {
  const url = `${serverUrl}/api/v1/namespaces/default/pods`
  const env = [{ name: MARKER, value: marker }]
  const containers = [
    { name: 'web', image: 'podtank.lab/deaf:1', env },
    { name: 'shell', image: 'sh', command: ['sh', '-c', 'sleep 1000; true'], env },
    {
      name: 'daemon',
      image: 'sh',
      command: ['sh', '-c', 'setsid sleep 1000 & sleep 1000; true'],
      env,
    },
  ]
  for (const container of containers) {
    const metadata = { name: container.name }
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { containers: [container] },
    })
    const headers = { 'content-type': 'application/json' }
    await fetch(url, { method: 'POST', headers, body })
  }
  await until('pods running', async () => {
    const { items } = (await (await fetch(url)).json()) as { items: Pod[] }
    return items.length === 3 && items.every(({ status }) => status.phase === 'Running')
  })
}

/** The command lines of all processes that carry the marker, by pid. */
export function markedProcesses(marker: string): Map<number, string> {
  const found = new Map<number, string>()
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      if (!environment.includes(`${MARKER}=${marker}`)) continue
      found.set(pid, readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    } catch {
      // It ended while we looked, or is not ours to read.
    }
  }
  return found
}
