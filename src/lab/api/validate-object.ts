import type { KubeObject, ResourceName } from './store.ts'
import { asObject } from './patch/json-object.ts'
import { validateJob, validatePodDisruptionBudget } from './validate-batch-and-policy.ts'
import { validateConfigMap } from './validation/validate-config-map.ts'
import { validateDeployment } from './validation/validate-deployment.ts'
import { validateIngress } from './validation/validate-ingress.ts'
import { validateMetadata } from './validation/validate-metadata.ts'
import { validatePodSpec } from './validation/validate-pod-spec.ts'
import { validateBinding, validateRole } from './validation/validate-rbac.ts'
import { validateService } from './validation/validate-service.ts'
import { validateWorkload } from './validation/validate-workload.ts'

/** The mistakes for which Kubernetes would refuse an object, in its wording; none: it may be stored. */
export const validateObject = (resource: ResourceName, object: KubeObject): string[] => [
  ...validateMetadata(resource, object),
  ...validateContent(resource, object),
]

function validateContent(resource: ResourceName, object: KubeObject): string[] {
  const spec = asObject(object.spec)
  switch (resource) {
    case 'pods':
      return validatePodSpec('spec', object.spec)
    case 'deployments':
      return validateDeployment(spec)
    case 'replicasets':
      return validateWorkload('replica set', spec)
    case 'services':
      return validateService(spec)
    case 'ingresses':
      return validateIngress(spec)
    case 'configmaps':
      return validateConfigMap(object)
    case 'jobs':
      return [
        ...validateJob(spec),
        ...validatePodSpec('spec.template.spec', asObject(spec?.['template'])?.['spec']),
      ]
    case 'roles':
    case 'clusterroles':
      return validateRole(object, resource === 'roles')
    case 'rolebindings':
    case 'clusterrolebindings':
      return validateBinding(object, resource === 'rolebindings')
    case 'poddisruptionbudgets':
      return validatePodDisruptionBudget(spec)
    default:
      return []
  }
}
