import type { ApiClient } from './api-client.ts'

/** What somebody would like to do with a collection. */
export interface AccessQuestion {
  /** Of the collection: `/apis/policy/v1/namespaces/shop/poddisruptionbudgets`. */
  readonly path: string
  readonly verbs: readonly string[]
}

/**
 * Whether the current user may do all of it, asked without doing it (SelfSubjectAccessReview). True when the server
 * does not answer the question: then the attempt will show.
 */
export async function mayI(client: ApiClient, question: AccessQuestion): Promise<boolean> {
  const [, group = '', namespace, resource] =
    /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(question.path) ?? []
  const answers = await Promise.all(
    question.verbs.map((verb) =>
      client.call({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        isRepeatable: true,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {
            resourceAttributes: { group, resource, verb, ...(namespace && { namespace }) },
          },
        },
      }),
    ),
  )
  return answers.every((answer) => {
    const status = answer.ok ? (answer.value['status'] as { allowed?: unknown } | undefined) : {}
    return status?.allowed !== false
  })
}
