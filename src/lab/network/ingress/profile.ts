import type { Endpoint } from '../../api/kinds/endpoint-slice.ts'
import type { UpstreamTry } from '../../ground-truth.ts'

/** How one kind of ingress controller and its proxy behave: data only, the proxy knows none of them by name. */
export interface IngressProfile {
  readonly name: string
  /** `spec.controller` of the IngressClass that stands for it. */
  readonly controller: string
  /** Which endpoints get new requests (k8s-mechanics 3.5). */
  readonly takes: (conditions: Endpoint['conditions']) => boolean
  /** An Ingress's route whose Service has no endpoint that serves, ending ones among them, is none. */
  readonly dropsEmptyRoutes?: true
  readonly timing: IngressTiming
  readonly upstream: UpstreamLimits
  readonly retry: RetryRule
  readonly answers: ProxyAnswers
  /** Absent: what the controller knows counts at once. Present: a cloud load balancer checks its targets itself. */
  readonly targets?: TargetDefaults
  /** Present: this program of the machine is the proxy, if it is there; by its names. */
  readonly program?: readonly string[]
}

/**
 * From a change to its effect. `throttle`: at once, then at most one in an interval, taken over at the workers' next
 * poll. `tick`: looked for at fixed times. `push`: each change arrives on its own, a moment later.
 */
export type IngressTiming =
  | { readonly kind: 'throttle'; readonly intervalMs: number; readonly pollMs: number }
  | { readonly kind: 'tick'; readonly periodMs: number }
  | { readonly kind: 'push'; readonly minMs: number; readonly maxMs: number }

export interface UpstreamLimits {
  readonly connectMs: number
  /** Between the request and the head of the answer; Infinity: waits for ever. */
  readonly readMs: number
  /** How long an idle connection to a pod is kept, whatever the pod hinted. */
  readonly idleMs: number
  readonly idleConnections: number
  readonly largestBodyBytes: number
}

/** A try at a pod that came to nothing. */
export interface FailedTry extends UpstreamTry {
  /** The pod may have seen the request. */
  readonly sent: boolean
}

export interface RetryRule {
  /** The first included. A failure on a kept connection, other than a timeout, costs none. */
  readonly tries: number
  readonly again: (failed: FailedTry, method: string) => boolean
  /** The next try goes to the same pod. */
  readonly samePeer: boolean
  readonly pauseMs: number
}

/** Why the proxy answers itself. */
export type ProxyFault = Exclude<UpstreamTry['how'], 'cut-body'> | OwnFault

export type OwnFault = 'no-endpoints' | 'no-route' | 'too-large'

export interface ProxyAnswers {
  /** What the proxy writes over a pod's `Server` header; absent: the pod's own stays. */
  readonly server?: string
  readonly to: (fault: ProxyFault) => MadeAnswer
}

/** An answer that the proxy makes itself. */
export interface MadeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A target group's settings, each of which an annotation of the Ingress can change. */
export interface TargetDefaults {
  readonly checkPath: string
  readonly checkIntervalSeconds: number
  readonly checkTimeoutSeconds: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  readonly deregistrationDelaySeconds: number
}
