/** The part of every Kubernetes object that a watch needs. */
export interface RawObject {
  readonly metadata: RawMeta
}

export interface RawMeta {
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly generation?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly {
    readonly kind?: string
    readonly name: string
    readonly controller?: boolean
  }[]
}
