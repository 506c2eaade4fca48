import type { ApiClient } from '../api-client.ts'
import type { Permission } from './required-permissions.ts'

export interface AskedPermission {
  readonly permission: Permission
  /** `unknown`: the cluster does not answer such questions. */
  readonly answer: 'allowed' | 'denied' | 'unknown'
  readonly reason?: string
}

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** Asks the cluster of each permission whether we have it (`kubectl auth can-i`); nothing is changed. */
export async function askPermissions(
  client: ApiClient,
  permissions: readonly Permission[],
): Promise<readonly AskedPermission[]> {
  const asked: AskedPermission[] = []
  for (const permission of permissions) asked.push(await ask(client, permission))
  return asked
}

async function ask(client: ApiClient, permission: Permission): Promise<AskedPermission> {
  const { group, verb, name, namespace } = permission
  const [resource, subresource] = permission.resource.split('/')
  const resourceAttributes = {
    group,
    resource,
    verb,
    ...(subresource !== undefined && { subresource }),
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
  }
  const review = await client.call({
    method: 'POST',
    path: PATH,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
  })
  if (!review.ok) return { permission, answer: 'unknown', reason: review.error.message }
  const { allowed, reason } = review.value['status'] as { allowed: boolean; reason?: string }
  return {
    permission,
    answer: allowed ? 'allowed' : 'denied',
    ...(reason !== undefined && reason !== '' && { reason }),
  }
}

/** `get deployments.apps/web in shop`, as a person would say it. */
export function permissionText({ verb, group, resource, name, namespace }: Permission): string {
  const full = group === '' ? resource : `${resource}.${group}`
  const object = name === undefined ? full : `${full} "${name}"`
  return `${verb} ${object}${namespace === undefined ? ' (cluster-wide)' : ''}`
}
