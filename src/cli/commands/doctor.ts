import { cpus } from 'node:os'
import { Command } from 'commander'
import type { AskedPermission } from '../../cluster/guard/ask-permissions.ts'
import type { ClusterScenario } from '../../scenario/scenario.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { addClusterFlags, type ClusterFlags, connectOptionsOf } from '../cluster-flags.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { type Host, print } from '../host.ts'
import { loadScenario } from '../load-scenario.ts'
import { readWorkload } from '../read-workload.ts'
import { report } from '../report.ts'

interface DoctorFlags extends ClusterFlags {
  /** True: of the whole namespace. */
  readonly watch?: string | true
}

/** `podtank doctor`. */
export function doctorCommand(host: Host, end: (exitCode: number) => void): Command {
  const command = new Command('doctor')
    .description(
      'check access, every permission of a scenario (restore included), and this machine',
    )
    .argument('[file]', 'a scenario file; without one, a scale of deployment/web is looked at')
    .option('--watch [type/name]', 'what podtank watch needs instead: get, list and watch alone')
  return addClusterFlags(command).action(async (file: string | undefined, flags: DoctorFlags) =>
    end(await doctor(host, file, flags)),
  )
}

const EXAMPLE: Pick<ClusterScenario, 'changed' | 'steps'> = {
  changed: {
    workload: { kind: 'deployment', name: 'web' },
    through: { kind: 'service', name: 'web' },
  },
  steps: [{ type: 'scale', replicas: 1, label: 'scale to 1', line: 1 }],
}

async function doctor(host: Host, file: string | undefined, flags: DoctorFlags): Promise<number> {
  const watched = typeof flags.watch === 'string' ? readWorkload(flags.watch) : undefined
  if (watched && !watched.ok) return report(host, [watched.error], EXIT.usage)
  const scenario = file === undefined ? undefined : loadScenario(host, file)
  if (scenario && !scenario.ok) return report(host, scenario.error, EXIT.usage)
  print(host, `machine     node ${process.version}, ${cpus().length} cores`)
  // The Kubernetes client takes half a second and 80 MB; no other command should wait for it.
  const { connect } = await import('../../cluster/connect.ts')
  const { askPermissions } = await import('../../cluster/guard/ask-permissions.ts')
  const { requiredPermissions } = await import('../../cluster/guard/required-permissions.ts')
  const connection = await connect(connectOptionsOf(flags))
  if (!connection.ok) return report(host, [connection.error], exitCodeOfProblem(connection.error))
  const { client, contextName, serverVersion } = connection.value
  const wanted = scenario?.ok === true ? scenario.value : EXAMPLE
  const namespace = flags.namespace ?? wanted.changed.namespace ?? connection.value.namespace
  print(host, `context     ${contextName}, API server ${client.server}, ${serverVersion}`)
  print(host, `namespace   ${namespace}`)
  const { watchPermissions } = await import('../../cluster/guard/watch-permissions.ts')
  const needed =
    flags.watch === undefined
      ? requiredPermissions(wanted, namespace)
      : watchPermissions(watched?.value, namespace)
  const asked = await askPermissions(client, needed)
  const { permissionText } = await import('../../cluster/guard/ask-permissions.ts')
  for (const { permission, answer, reason } of asked) {
    const why = answer === 'allowed' || reason === undefined ? '' : `: ${reason}`
    print(host, `${SIGNS[answer]} ${permission.why.padEnd(8)}  ${permissionText(permission)}${why}`)
  }
  const what =
    flags.watch === undefined
      ? file
      : ['--watch', flags.watch].filter((part) => part !== true).join(' ')
  return conclusion(host, asked, what)
}

const SIGNS = { allowed: '✓', denied: '✗', unknown: '?' } as const

function conclusion(
  host: Host,
  asked: readonly AskedPermission[],
  file: string | undefined,
): number {
  const denied = asked.filter(({ answer }) => answer === 'denied').length
  const unknown = asked.filter(({ answer }) => answer === 'unknown').length
  if (denied === 0 && unknown === 0) {
    print(host, `all ${asked.length} permissions are there`)
    return EXIT.passed
  }
  print(
    host,
    denied > 0
      ? `${denied} of ${asked.length} permissions are missing; podtank manifests rbac ${file ?? 'FILE'} prints the Role`
      : `${unknown} of ${asked.length} permissions could not be asked for`,
  )
  return EXIT.cluster
}
