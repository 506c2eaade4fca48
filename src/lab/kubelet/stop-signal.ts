import type { Container } from '../api/kinds/pod.ts'
import { resolveImage } from '../apps/images.ts'

/** `lifecycle.stopSignal` over the image's STOPSIGNAL over SIGTERM (k8s-mechanics 1.5). */
export function stopSignalOf({ lifecycle, image = '' }: Container): NodeJS.Signals {
  const declared = lifecycle?.stopSignal as NodeJS.Signals | undefined
  return declared ?? resolveImage(image)?.stopSignal ?? 'SIGTERM'
}
