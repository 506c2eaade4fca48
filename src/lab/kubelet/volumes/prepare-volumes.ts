import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pod, Volume } from '../../api/kinds/pod.ts'
import type { PodContext } from '../pod-context.ts'
import { volumeFiles } from './volume-files.ts'

/** Between tries to mount what could not be mounted; doubles up to the second. */
const RETRY_MS = { first: 500, longest: 122_000 }

/**
 * Where a volume of a pod is kept: a folder of the pod, which goes with it; a claim has one beside those of the pods,
 * which stays for the next pod that claims it.
 */
export function volumePath(podDirectory: string, volume: Volume, { metadata }: Pod): string {
  const { hostPath, persistentVolumeClaim: claim, name } = volume
  if (hostPath) return hostPath.path
  if (!claim) return join(podDirectory, 'volumes', name)
  return join(dirname(podDirectory), 'claims', metadata.namespace ?? 'default', claim.claimName)
}

/** Fills the folders of a pod's volumes; as long as one cannot be filled, a `FailedMount` event and another try. */
export async function prepareVolumes(context: PodContext, signal: AbortSignal): Promise<void> {
  const { pod, directory, node } = context
  const { namespace = 'default' } = pod.metadata
  const { store, hostIp } = node
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.hostPath) continue
    const root = volumePath(directory, volume, pod)
    const source = { pod, podIp: context.podIp, hostIp, store, namespace }
    let files = volumeFiles(volume, source)
    let waitMs = RETRY_MS.first
    while (!files.ok && !signal.aborted) {
      const message = `MountVolume.SetUp failed for volume "${volume.name}" : ${files.error}`
      context.event({ type: 'Warning', reason: 'FailedMount', message })
      await sleep(waitMs, undefined, { signal }).catch(() => undefined)
      waitMs = Math.min(waitMs * 2, RETRY_MS.longest)
      files = volumeFiles(volume, source)
    }
    await mkdir(root, { recursive: true })
    for (const [path, content] of files.ok ? files.value : []) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), content)
    }
  }
}
