import { plural } from '../../base/units.ts'
import type { CauseRule } from './cause-rule.ts'

/** Our own machine could not send the request: no descriptor, no port, no memory. */
export const generatorLimit: CauseRule = {
  cause: 'GENERATOR_LIMIT',
  title: 'The generator’s own limit',
  explain: (failure) =>
    failure.outcome === 'generator' ? { confidence: 'high', pods: [] } : undefined,
  describe(failures) {
    const details = [...new Set(failures.map((failure) => failure.detail ?? 'unknown'))]
    return {
      explanation: `This machine refused to open ${plural(failures.length, 'connection')} (${details.join(', ')}). It says nothing of the service.`,
      evidence: failures.slice(0, 3).map((failure) => ({
        atUs: failure.endedAtUs,
        text: `request ${failure.seq}: ${failure.detail ?? 'unknown'}`,
      })),
      fix: {
        text: 'Raise the limit of open files (ulimit -n), reuse connections, or lower the rate.',
      },
    }
  },
}
