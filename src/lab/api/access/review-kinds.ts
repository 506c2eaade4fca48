/** A resource that is only created, answered and forgotten. */
export interface ReviewKind {
  readonly resource: string
  readonly kind: string
  readonly singular: string
  readonly group: string
  readonly version: string
  readonly namespaced: boolean
}

const authorization = { group: 'authorization.k8s.io', version: 'v1', namespaced: false }

/** Questions to the API server about who may do what. */
export const reviewKinds: readonly ReviewKind[] = [
  {
    ...authorization,
    resource: 'localsubjectaccessreviews',
    kind: 'LocalSubjectAccessReview',
    singular: 'localsubjectaccessreview',
    namespaced: true,
  },
  {
    ...authorization,
    resource: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    singular: 'selfsubjectaccessreview',
  },
  {
    ...authorization,
    resource: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    singular: 'selfsubjectrulesreview',
  },
  {
    ...authorization,
    resource: 'subjectaccessreviews',
    kind: 'SubjectAccessReview',
    singular: 'subjectaccessreview',
  },
  {
    resource: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    singular: 'selfsubjectreview',
    group: 'authentication.k8s.io',
    version: 'v1',
    namespaced: false,
  },
]
