/** The fragment of a workload with a preStop sleep (k8s-mechanics 5.3 A). */
export const preStopYaml = (
  containerName: string,
  seconds: number,
  graceSeconds?: number,
): string =>
  [
    'spec:',
    '  template:',
    '    spec:',
    ...(graceSeconds === undefined ? [] : [`      terminationGracePeriodSeconds: ${graceSeconds}`]),
    '      containers:',
    `        - name: ${containerName}`,
    '          lifecycle:',
    '            preStop:',
    `              sleep: { seconds: ${seconds} } # Kubernetes 1.30 and later; before:`,
    `              # exec: { command: ["sleep", "${seconds}"] }`,
    '',
  ].join('\n')
