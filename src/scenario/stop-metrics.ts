/** What `metric_higher` and `metric_lower` can look at, and its unit: the generator's own machine and load. */
export const STOP_METRICS = {
  cpu: '%',
  steal: '%',
  pressure: '%',
  memory: 'MB',
  fds: '',
  ports: '',
  inFlight: '',
  connections: '',
  sendLag: 'ms',
} as const

export type StopMetric = keyof typeof STOP_METRICS

export const isStopMetric = (name: string): name is StopMetric => Object.hasOwn(STOP_METRICS, name)
