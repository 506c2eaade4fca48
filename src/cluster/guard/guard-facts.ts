import type { Step } from '../../scenario/scenario.ts'

/** What is known of where a run is going to be, before anything is looked up there. */
export interface PlaceFacts {
  readonly contextName: string
  /** Of the API server. */
  readonly serverUrl: string
  readonly namespace: string
}

/** What is known of the target, read and resolved, before anything is changed or sent. */
export interface TargetFacts {
  /** `deployment/web`. */
  readonly workload: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Names of the HorizontalPodAutoscalers of the workload; undefined: they may not be listed. */
  readonly autoscalers: readonly string[] | undefined
  /** Of a StatefulSet or a DaemonSet: `RollingUpdate` or `OnDelete`. */
  readonly updateStrategy?: string
  /** Of a StatefulSet: pods below this ordinal are not updated. */
  readonly partition?: number
  readonly steps: readonly Step[]
  readonly address: AddressFacts
}

export interface AddressFacts {
  /** As the scenario has it: a name, an address in any spelling, or the Service's. */
  readonly name: string
  /** The resolved address, which the load is pinned to. */
  readonly ip: string
  readonly port: number
  /** It was found from the Service or Ingress itself. */
  readonly isFound: boolean
  /** `ADDRESS:PORT` and `host:NAME` that lead to the workload; `ADDRESS:*` for every port. */
  readonly ways: readonly string[]
}

/** What the user has said is meant. */
export interface Allowances {
  /** The context's name, typed: production is meant. */
  readonly confirmedContext?: string
  /** Load to an address that is not known to be the workload's. */
  readonly externalTarget?: boolean
  /** Steps that change what an autoscaler owns. */
  readonly autoscaled?: boolean
  /** Steps that change what a GitOps controller owns. */
  readonly gitOps?: boolean
  /** Steps of the scenario that run a command on this machine. */
  readonly exec?: boolean
}
