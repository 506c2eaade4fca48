import type { Ingress } from '../../api/kinds/ingress.ts'
import type { TargetDefaults } from './profile.ts'

const PREFIX = 'alb.ingress.kubernetes.io/'

/** The settings of an Ingress' targets: the defaults, and over them its annotations as the AWS controller spells them. */
export function targetSettings(ingress: Ingress, defaults: TargetDefaults): TargetDefaults {
  const { annotations = {} } = ingress.metadata
  const attributes = new Map(
    (annotations[`${PREFIX}target-group-attributes`] ?? '').split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [name.trim(), value.trim()]
    }),
  )
  const seconds = (text: string | undefined, otherwise: number) => {
    const value = Number(text === undefined || text === '' ? NaN : text)
    return Number.isFinite(value) && value >= 0 ? value : otherwise
  }
  const setting = (name: string, otherwise: number) =>
    seconds(annotations[PREFIX + name], otherwise)
  return {
    checkPath: annotations[`${PREFIX}healthcheck-path`] ?? defaults.checkPath,
    checkIntervalSeconds: setting('healthcheck-interval-seconds', defaults.checkIntervalSeconds),
    checkTimeoutSeconds: setting('healthcheck-timeout-seconds', defaults.checkTimeoutSeconds),
    healthyThreshold: setting('healthy-threshold-count', defaults.healthyThreshold),
    unhealthyThreshold: setting('unhealthy-threshold-count', defaults.unhealthyThreshold),
    deregistrationDelaySeconds: seconds(
      attributes.get('deregistration_delay.timeout_seconds'),
      defaults.deregistrationDelaySeconds,
    ),
  }
}
