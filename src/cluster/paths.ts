const namespaced = (prefix: string) => (namespace: string, resource: string, name?: string) =>
  `${prefix}/namespaces/${encodeURIComponent(namespace)}/${resource}${
    name === undefined ? '' : `/${encodeURIComponent(name)}`
  }`

/** URL paths of the API groups in use, below `/`. */
export const corePath = namespaced('/api/v1')
export const appsPath = namespaced('/apis/apps/v1')
export const discoveryPath = namespaced('/apis/discovery.k8s.io/v1')
export const nodePath = (name: string): string => `/api/v1/nodes/${encodeURIComponent(name)}`
export const networkingPath = namespaced('/apis/networking.k8s.io/v1')
export const gatewayPath = namespaced('/apis/gateway.networking.k8s.io/v1')
export const autoscalingPath = namespaced('/apis/autoscaling/v2')
export const policyPath = namespaced('/apis/policy/v1')
/** Of a group and version such as `coordination.k8s.io/v1`. */
export const namespacedPath = (
  groupVersion: string,
): ((namespace: string, resource: string, name?: string) => string) =>
  namespaced(`/apis/${groupVersion}`)
