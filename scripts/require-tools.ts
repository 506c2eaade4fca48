import { existsSync } from 'node:fs'

/** Says in one line what a suite needs and how to get it, before it starts. */
const missing: Readonly<Record<string, string | undefined>> = {
  chromium: existsSync('/usr/bin/chromium')
    ? undefined
    : 'test:browser needs Chromium at /usr/bin/chromium: apt-get install -y chromium',
  cluster:
    process.env['PODTANK_TEST_CLUSTER'] === undefined
      ? 'test:cluster needs a real Kubernetes: set PODTANK_TEST_CLUSTER to its kubeconfig'
      : undefined,
}

const sentence = missing[process.argv[2] ?? '']
if (sentence !== undefined) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
