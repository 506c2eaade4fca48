import { kubeTime } from '../../api/kube-time.ts'
import type { GatewayCondition } from '../../api/kinds/gateway.ts'

/** A condition that holds, or not, from now on. */
export const condition = (
  type: string,
  holds: boolean,
  reason: string,
  message = '',
): GatewayCondition => ({
  type,
  status: holds ? 'True' : 'False',
  reason,
  message,
  lastTransitionTime: kubeTime(),
})

/** The conditions with the time of those before where nothing else changed, so that a status is not written for its time alone. */
export const sinceBefore = (
  next: readonly GatewayCondition[],
  before: readonly GatewayCondition[] = [],
): GatewayCondition[] =>
  next.map((one) => {
    const old = before.find(({ type }) => type === one.type)
    const isSame = old?.status === one.status && old.reason === one.reason
    return isSame ? { ...one, lastTransitionTime: old.lastTransitionTime } : one
  })
