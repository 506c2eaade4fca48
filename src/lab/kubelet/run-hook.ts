import { setTimeout as sleep } from 'node:timers/promises'
import type { Hook, HttpGet } from '../api/kinds/pod.ts'
import type { PodContext } from './pod-context.ts'
import type { ProbeTarget } from './probes/run-probe.ts'
import { httpGet } from './http-get.ts'

/** Runs a postStart or preStop hook to its end; gives why it failed, or undefined (k8s-mechanics 1.4). */
export async function runHook(
  hook: Hook,
  target: ProbeTarget,
  event: PodContext['event'],
): Promise<string | undefined> {
  if (hook.exec) {
    const { exitCode } = await target.process.exec(hook.exec.command)
    return exitCode === 0 ? undefined : 'hook failed'
  }
  if (hook.httpGet) return runHttpHook(hook.httpGet, target, event)
  if (hook.sleep) {
    await sleep(hook.sleep.seconds * 1000)
    return undefined
  }
  return 'invalid handler'
}

/** Any status is fine; a server that speaks plain HTTP where HTTPS was asked is asked again in its own way. */
async function runHttpHook(
  action: HttpGet,
  target: ProbeTarget,
  event: PodContext['event'],
): Promise<string | undefined> {
  const ask = (how: HttpGet) =>
    httpGet({ ...target, action: how, userAgent: 'kube-lifecycle/1.33' }, undefined)
  const answer = await ask(action)
  if (answer.ok) return undefined
  if (action.scheme !== 'HTTPS' || !answer.error.endsWith(HTTP_ANSWER)) return answer.error
  const again = await ask({ ...action, scheme: 'HTTP' })
  if (!again.ok) return again.error
  event({
    type: 'Warning',
    reason: 'LifecycleHTTPFallback',
    message: 'request to HTTPS lifecycle hook got HTTP response, retry with HTTP succeeded',
    container: target.container,
  })
  return undefined
}

const HTTP_ANSWER = 'server gave HTTP response to HTTPS client'
