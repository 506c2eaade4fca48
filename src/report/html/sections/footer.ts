import { isLoadAlone, isPodsOnly, type Recording } from '../../../recording/recording.ts'
import { element, type Markup } from '../markup.ts'

type Fact = readonly [name: string, value: string | undefined]

const loadFacts = ({ plan }: Recording): readonly Fact[] => [
  ['scenario', plan.scenario.name],
  ['load', `${plan.address}, connections: ${plan.scenario.load.connections}`],
]

/** How the run was made, and what it cannot show. */
export function footer(recording: Recording): Markup {
  const { meta, plan, end } = recording
  const { environment } = meta
  const isAlone = isLoadAlone(recording)
  const facts: readonly Fact[] = [
    ['command', meta.command.join(' ')],
    ...(isPodsOnly(recording) ? [] : loadFacts(recording)),
    [
      'cluster',
      isAlone
        ? undefined
        : [environment.cluster, environment.serverVersion]
            .filter((part) => part !== undefined)
            .join(', '),
    ],
    ['namespace', plan.namespace],
    ['seed', environment.seed?.toString()],
    [
      'machine',
      `${environment.cores} × ${environment.cpu}, ${environment.platform}, Node ${environment.node}`,
    ],
    ['podtank', `${meta.podtankVersion}, run ${meta.runId}, recording format ${meta.format}`],
    [
      'ended',
      end ? `${end.reason}${end.signal === undefined ? '' : ` by ${end.signal}`}` : 'cut short',
    ],
  ]
  return element(
    'footer',
    {},
    element('h2', {}, 'How this was made'),
    element(
      'dl',
      { class: 'facts' },
      facts.map(([name, value]) =>
        value === undefined
          ? undefined
          : element('div', {}, element('dt', {}, name), element('dd', {}, value)),
      ),
    ),
    environment.limits.length === 0
      ? undefined
      : [
          element('h3', {}, 'What the lab does not show faithfully'),
          element(
            'ul',
            { class: 'limits' },
            environment.limits.map((limit) => element('li', {}, limit)),
          ),
        ],
    element(
      'p',
      { class: 'muted' },
      `Instants are seconds since the run began${isAlone ? '' : ', as they arrived here; the stop signal is an estimate'}. This file is complete in itself and asks nothing of any network.`,
    ),
  )
}
