import type { ConformanceCase } from '../conformance-case.ts'
import { configMap } from '../objects.ts'
import { CORE, RBAC, get, post, prepare, remove } from '../requests.ts'

const NOBODY = 'conformance-nobody'
const REVIEWS = '/apis/authorization.k8s.io/v1'

const review = (attributes: object) => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  spec: attributes,
})

const asks = (verb: string, resource: string, more: object = {}) =>
  review({ resourceAttributes: { verb, resource, namespace: '{ns}', ...more } })

const role = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'reader' },
  rules: [
    { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get'] },
  ],
}

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'reader' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: NOBODY }],
}

export const reviewCases: readonly ConformanceCase[] = [
  {
    title: 'an administrator may do everything, and is told so',
    steps: [
      post(`${REVIEWS}/selfsubjectaccessreviews`, asks('delete', 'pods')),
      post(`${REVIEWS}/selfsubjectaccessreviews`, review({})),
    ],
  },
  {
    title: 'who a user is',
    steps: [
      post(
        '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
        { as: NOBODY },
      ),
    ],
  },
  {
    title: 'a user without a role is forbidden, in the words of Kubernetes',
    steps: [
      get(`${CORE}/pods`, { as: NOBODY }),
      get(`${CORE}/pods/x`, { as: NOBODY }),
      get(`${CORE}/pods/x/log`, { as: NOBODY }),
      get('/api/v1/pods', { as: NOBODY }),
      get('/apis/apps/v1/deployments', { as: NOBODY }),
      post(`${CORE}/configmaps`, configMap('x'), { as: NOBODY }),
      remove(`${CORE}/configmaps`, undefined, { as: NOBODY }),
      get('/api/v1/namespaces/{ns}', { as: NOBODY }),
      get('/metrics', { as: NOBODY }),
      post(`${REVIEWS}/selfsubjectaccessreviews`, asks('get', 'pods'), { as: NOBODY }),
    ],
  },
  {
    title: 'a role and its binding allow what they say and no more',
    steps: [
      post(`${RBAC}/roles`, role),
      post(`${RBAC}/rolebindings`, binding),
      prepare(get(`${CORE}/pods`, { as: NOBODY, until: { code: 200 } })),
      post(`${REVIEWS}/selfsubjectaccessreviews`, asks('get', 'pods', { subresource: 'log' }), {
        as: NOBODY,
      }),
      post(`${REVIEWS}/selfsubjectaccessreviews`, asks('delete', 'pods'), { as: NOBODY }),
      get(`${CORE}/configmaps/one`, { as: NOBODY }),
      get(`${CORE}/configmaps/two`, { as: NOBODY }),
      get(`${CORE}/pods/none/log`, { as: NOBODY }),
      get('/api/v1/pods', { as: NOBODY }),
      post(
        `${REVIEWS}/selfsubjectrulesreviews`,
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectRulesReview',
          spec: { namespace: '{ns}' },
        },
        { as: NOBODY },
      ),
      post(`${RBAC}/rolebindings`, { ...binding, roleRef: { ...binding.roleRef, kind: 'Odd' } }),
      prepare(remove(`${RBAC}/rolebindings/reader`)),
      prepare(remove(`${RBAC}/roles/reader`)),
    ],
  },
]
