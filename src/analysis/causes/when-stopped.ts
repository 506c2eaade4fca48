import { humanUs, US_PER_SECOND } from '../../base/units.ts'
import type { PodStory } from '../analysis.ts'

/**
 * What a pod's stop signal is known by, in words that are true though the signal itself is seen by nobody: `the kubelet
 * began to stop it (Killing)`.
 */
export function whenStopped({ killingUs, preStopSeconds, hasPreStop }: PodStory): string {
  if (preStopSeconds !== undefined)
    return `its preStop of ${humanUs(preStopSeconds * US_PER_SECOND)} was over`
  const began =
    killingUs === undefined ? 'its deletion was seen' : 'the kubelet began to stop it (Killing)'
  return hasPreStop ? `${began}, preStop hook first` : began
}
