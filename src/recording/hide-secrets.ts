import type { Scenario } from '../scenario/scenario.ts'

const SECRET = /authorization|cookie|token|secret|password|api-?key/i
const HEADER_ARGUMENT = /^(--header=|-H)?\s*([\w-]+)\s*:/
const HIDDEN = '***'

/** A command line as it may be recorded: values of headers that carry secrets are not in it. */
export const hideInCommand = (argv: readonly string[]): string[] =>
  argv.map((word) => {
    const [start, , name = ''] = HEADER_ARGUMENT.exec(word) ?? []
    return start !== undefined && SECRET.test(name) ? `${start} ${HIDDEN}` : word
  })

/** A scenario as it may be recorded. */
export const hideInScenario = (scenario: Scenario): Scenario => {
  const { load } = scenario
  return {
    ...scenario,
    steps: scenario.steps.map((step) =>
      step.type === 'exec' ? { ...step, command: hideInCommand(step.command) } : step,
    ),
    load: {
      ...load,
      ...(load.headers && { headers: hideHeaders(load.headers) }),
      requests: load.requests.map((request) => ({
        ...request,
        headers: hideHeaders(request.headers),
      })),
    },
  }
}

const hideHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET.test(name) ? HIDDEN : value]),
  )
