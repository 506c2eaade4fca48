import { setTimeout as sleep } from 'node:timers/promises'
import { missingProgram } from '../apps/images.ts'
import type { ContainerRecord } from './container-record.ts'
import { createCrashBackOff } from './crash-back-off.ts'
import type { PodContext } from './pod-context.ts'

/** From the failed pull to the pod's next sync, which finds the back-off. */
const NEXT_SYNC_MS = 1000

/** Tries in vain to pull an image that the lab does not have, with Kubernetes' back-off, until `signal`. */
export async function failToPullImage(
  context: PodContext,
  record: ContainerRecord,
  signal: AbortSignal,
): Promise<void> {
  const image = record.container.image ?? ''
  const reason = missingProgram(image) ?? 'not found'
  const notFound = `failed to pull and unpack image "${image}": ${reason}`
  const backOff = createCrashBackOff()
  const report = (type: 'Normal' | 'Warning', reason: string, message: string) => {
    context.event({ type, reason, message, container: record.container })
  }
  const wait = (reason: string, message: string) => {
    record.state = { waiting: { reason, message } }
    context.publish()
  }
  for (;;) {
    backOff.restarted(Date.now())
    report('Normal', 'Pulling', `Pulling image "${image}"`)
    report('Warning', 'Failed', `Failed to pull image "${image}": ${notFound}`)
    report('Warning', 'Failed', 'Error: ErrImagePull')
    wait('ErrImagePull', notFound)
    if (await isStoppedWithin(NEXT_SYNC_MS, signal)) return
    report('Normal', 'BackOff', `Back-off pulling image "${image}"`)
    report('Warning', 'Failed', 'Error: ImagePullBackOff')
    wait('ImagePullBackOff', `Back-off pulling image "${image}"`)
    if (await isStoppedWithin(backOff.delayMs, signal)) return
  }
}

const isStoppedWithin = (delayMs: number, signal: AbortSignal): Promise<boolean> =>
  sleep(delayMs, false, { signal }).catch(() => true)
