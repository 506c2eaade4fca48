import type { Pod, PodTemplate } from '../api/kinds/pod.ts'
import type { KubeObject, ObjectMeta } from '../api/store.ts'
import { UNSTORED } from '../api/unstored.ts'
import { controllerReference } from './owner-reference.ts'

/**
 * A new pod of a template, controlled by `owner` and named after it, as client-go's GetPodFromTemplate makes it; `marks`
 * go before what the template says.
 */
export function podFromTemplate(
  owner: KubeObject,
  { metadata = {}, spec }: PodTemplate,
  marks: Partial<Pick<ObjectMeta, 'name' | 'generateName' | 'labels' | 'annotations'>> = {},
): KubeObject & Pick<Pod, 'spec'> {
  const { name, namespace = '' } = owner.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${name}-`,
      namespace,
      ...UNSTORED,
      ...(metadata.labels && { labels: metadata.labels }),
      ...(metadata.annotations && { annotations: metadata.annotations }),
      ...marks,
      ownerReferences: [controllerReference(owner)],
    },
    spec,
  }
}
