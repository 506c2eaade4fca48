import type { JsonObject } from '../scenario/scenario.ts'
import { TRY_MARKER, type TrySpec } from './try-spec.ts'

/** What the server is called where a container or an image needs a name. */
export const CONTAINER = 'app'

/** A pod spec of the server; `mark` is in the environment of all its processes. */
export function podSpec(spec: TrySpec, mark: string): JsonObject {
  const env = { ...spec.env, [TRY_MARKER]: mark }
  return {
    terminationGracePeriodSeconds: spec.graceSeconds,
    ...(spec.stopSignal !== undefined && { os: { name: 'linux' } }),
    containers: [
      {
        name: CONTAINER,
        image: 'podtank.lab/your-own:1',
        command: spec.command.map(literally),
        workingDir: spec.workingDirectory,
        env: Object.entries(env).map(([name, value]) => ({ name, value: literally(value) })),
        ports: [{ containerPort: spec.port }],
        ...(spec.stopSignal !== undefined && { lifecycle: { stopSignal: spec.stopSignal } }),
      },
    ],
  }
}

/** A single pod that is not started again when it ends. */
export const podManifest = (spec: TrySpec, name: string, mark: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'podtank-try' } },
  spec: { ...podSpec(spec, mark), restartPolicy: 'Never' },
})

/** Kubernetes expands `$(NAME)` in commands and values; what the user wrote is meant as it is. */
const literally = (text: string): string => text.replaceAll('$', '$$$$')
