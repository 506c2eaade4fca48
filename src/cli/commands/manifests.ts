import { Command } from 'commander'
import { stringify } from 'yaml'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { type Permission, requiredPermissions } from '../../cluster/guard/required-permissions.ts'
import { roleManifests } from '../../cluster/guard/role-manifests.ts'
import { watchPermissions } from '../../cluster/guard/watch-permissions.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { type Host, print } from '../host.ts'
import { loadScenario } from '../load-scenario.ts'
import { readWorkload } from '../read-workload.ts'
import { report } from '../report.ts'

/** `podtank manifests`. */
export function manifestsCommand(host: Host, end: (exitCode: number) => void): Command {
  const manifests = new Command('manifests').description('print manifests for kubectl apply')
  manifests
    .command('rbac')
    .description('the smallest Role with which a scenario can run, and be put back')
    .argument('[file]', 'a scenario file')
    .option('--watch [type/name]', 'for podtank watch instead: get, list and watch alone')
    .option('-n, --namespace <name>', 'of the workload; default: the scenario’s, or default')
    .option('--node-port', 'the Service is reached through a node port: nodes are listed')
    .action((file: string | undefined, flags: RbacFlags) => {
      const needs = needsOf(host, file, flags)
      if (!needs.ok) {
        end(report(host, needs.error, EXIT.usage))
        return
      }
      const { permissions, namespace } = needs.value
      const texts = roleManifests(permissions, namespace).map((object) => stringify(object))
      print(host, texts.join('---\n'))
      end(EXIT.passed)
    })
  return manifests
}

interface RbacFlags {
  readonly namespace?: string
  readonly nodePort?: boolean
  /** True: of the whole namespace. */
  readonly watch?: string | true
}

interface Needs {
  readonly permissions: readonly Permission[]
  readonly namespace: string
}

function needsOf(
  host: Host,
  file: string | undefined,
  flags: RbacFlags,
): Result<Needs, readonly Problem[]> {
  if (flags.watch !== undefined) {
    const namespace = flags.namespace ?? 'default'
    const ref = flags.watch === true ? undefined : readWorkload(flags.watch)
    if (ref && !ref.ok) return fail([ref.error])
    return succeed({ permissions: watchPermissions(ref?.value, namespace), namespace })
  }
  if (file === undefined)
    return fail([{ code: 'no-file', message: 'for which scenario? name its file, or --watch' }])
  const scenario = loadScenario(host, file)
  if (!scenario.ok) return scenario
  const namespace = flags.namespace ?? scenario.value.changed.namespace ?? 'default'
  const usesNodePort = flags.nodePort === true
  return succeed({
    permissions: requiredPermissions(scenario.value, namespace, { usesNodePort }),
    namespace,
  })
}
