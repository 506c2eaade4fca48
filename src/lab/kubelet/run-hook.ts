import { setTimeout as sleep } from 'node:timers/promises'
import type { Hook } from '../api/kinds/pod.ts'
import type { ProbeTarget } from './probes/run-probe.ts'
import { httpGet } from './http-get.ts'

/** Runs a postStart or preStop hook to its end; gives why it failed, or undefined (k8s-mechanics 1.4). */
export async function runHook(hook: Hook, target: ProbeTarget): Promise<string | undefined> {
  if (hook.exec) {
    const { exitCode } = await target.process.exec(hook.exec.command)
    return exitCode === 0 ? undefined : 'hook failed'
  }
  if (hook.httpGet) {
    const answer = await httpGet(
      { ...target, action: hook.httpGet, userAgent: 'kube-lifecycle/1.33' },
      undefined,
    )
    return answer.ok ? undefined : answer.error
  }
  if (hook.sleep) {
    await sleep(hook.sleep.seconds * 1000)
    return undefined
  }
  return 'invalid handler'
}
