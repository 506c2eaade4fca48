import { Command } from 'commander'
import { stringify } from 'yaml'
import { requiredPermissions } from '../../cluster/guard/required-permissions.ts'
import { roleManifests } from '../../cluster/guard/role-manifests.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { type Host, print } from '../host.ts'
import { loadScenario } from '../load-scenario.ts'
import { report } from './run.ts'

/** `podtank manifests`. */
export function manifestsCommand(host: Host, end: (exitCode: number) => void): Command {
  const manifests = new Command('manifests').description('print manifests for kubectl apply')
  manifests
    .command('rbac')
    .description('the smallest Role with which a scenario can run, and be put back')
    .argument('<file>', 'a scenario file')
    .option('-n, --namespace <name>', 'of the workload; default: the scenario’s, or default')
    .option('--node-port', 'the Service is reached through a node port: nodes are listed')
    .action((file: string, flags: { namespace?: string; nodePort?: boolean }) => {
      const scenario = loadScenario(host, file)
      if (!scenario.ok) {
        end(report(host, scenario.error, EXIT.usage))
        return
      }
      const namespace = flags.namespace ?? scenario.value.changed.namespace ?? 'default'
      const permissions = requiredPermissions(scenario.value, namespace, {
        usesNodePort: flags.nodePort === true,
      })
      const texts = roleManifests(permissions, namespace).map((object) => stringify(object))
      print(host, texts.join('---\n'))
      end(EXIT.passed)
    })
  return manifests
}
