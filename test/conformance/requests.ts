import type { Step } from './conformance-case.ts'

type More = Omit<Partial<Step>, 'method' | 'path' | 'body'>

export const CORE = '/api/v1/namespaces/{ns}'
export const APPS = '/apis/apps/v1/namespaces/{ns}'
export const POLICY = '/apis/policy/v1/namespaces/{ns}'
export const NETWORKING = '/apis/networking.k8s.io/v1/namespaces/{ns}'
export const BATCH = '/apis/batch/v1/namespaces/{ns}'
export const AUTOSCALING = '/apis/autoscaling/v2/namespaces/{ns}'
export const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}'

export const JSON_PATCH = 'application/json-patch+json'
export const MERGE = 'application/merge-patch+json'
export const STRATEGIC = 'application/strategic-merge-patch+json'
export const APPLY = 'application/apply-patch+yaml'
export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'

export const get = (path: string, more: More = {}): Step => ({ method: 'GET', path, ...more })

export const post = (path: string, body: unknown, more: More = {}): Step => ({
  method: 'POST',
  path,
  body,
  ...more,
})

export const put = (path: string, body: unknown, more: More = {}): Step => ({
  method: 'PUT',
  path,
  body,
  ...more,
})

export const patch = (path: string, contentType: string, body: unknown, more: More = {}): Step => ({
  method: 'PATCH',
  path,
  contentType,
  body,
  ...more,
})

export const remove = (path: string, body?: unknown, more: More = {}): Step => ({
  method: 'DELETE',
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
})

export const prepare = (step: Step): Step => ({ ...step, prepares: true })
