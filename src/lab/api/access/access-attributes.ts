/** What somebody wants to do to objects. */
export interface ResourceAttributes {
  readonly verb: string
  /** Empty for the core group. */
  readonly group: string
  /** With its subresource: `pods`, `pods/log`, `deployments/scale`. */
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
}

/** What somebody wants of a path that is no object, e.g. `/metrics`. */
export interface PathAttributes {
  readonly verb: string
  readonly path: string
}

export type AccessAttributes = ResourceAttributes | PathAttributes

export interface Decision {
  readonly allowed: boolean
  /** In the words of Kubernetes' RBAC authorizer; empty when it has nothing to say. */
  readonly reason: string
}
