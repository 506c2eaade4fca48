import { plural } from '../../base/units.ts'
import type { CauseRule } from './cause-rule.ts'
import { exitBeforeDeregister } from './exit-before-deregister.ts'
import { inflightCutAtTerm } from './inflight-cut-at-term.ts'
import { preStopYaml } from '../pre-stop-yaml.ts'

/** The preStop hook failed, so that the stop signal came at once, as if there were none. */
export const prestopFailed: CauseRule = {
  cause: 'PRESTOP_FAILED',
  title: 'The preStop hook failed',
  explain(failure, facts) {
    const found =
      inflightCutAtTerm.explain(failure, facts) ?? exitBeforeDeregister.explain(failure, facts)
    const failed = new Set(
      facts.pods
        .filter(({ preStopFailedUs }) => preStopFailedUs !== undefined)
        .map((pod) => pod.name),
    )
    return found?.pods.every((name) => failed.has(name)) === true ? found : undefined
  },
  describe: (failures, pods, facts) => ({
    explanation: `The preStop hook failed (FailedPreStopHook), so the stop signal came without the delay it was to bring, and ${plural(failures.length, 'request')} failed.`,
    evidence: pods
      .slice(0, 5)
      .flatMap((pod) =>
        pod.preStopFailedUs === undefined
          ? []
          : [{ atUs: pod.preStopFailedUs, text: `${pod.name}: FailedPreStopHook` }],
      ),
    fix: {
      text: 'Run the hook by hand in the container: usually its command is not in the image (no shell, no sleep), or it ends with an error. The sleep action needs no command.',
      yaml: preStopYaml(facts.containerName, facts.advice?.preStopSeconds ?? 5),
    },
  }),
}
