/** The lab's own process: control plane, kubelet and network. It lives as long as its stdin is open. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { random } from '../base/random.ts'
import { succeed } from '../base/result.ts'
import { selfSignedCertificate } from './api/access/self-signed-certificate.ts'
import { startApiServer } from './api/api-server.ts'
import { createFaultPlan } from './api/faults/fault-plan.ts'
import { createStore } from './api/memory-store.ts'
import { nodeNames, registerNodes } from './controllers/node/register-nodes.ts'
import { startControllers } from './controllers/start-controllers.ts'
import { openGroundTruth } from './ground-truth.ts'
import { createContainerLogStore } from './kubelet/container-logs.ts'
import { createNamespaceRuntime } from './kubelet/runtime/namespace-runtime.ts'
import { createPlainRuntime } from './kubelet/runtime/plain-runtime.ts'
import { startKubelet } from './kubelet/start-kubelet.ts'
import type { LabChildAnswer, LabChildOptions } from './lab-child.ts'
import { startNetwork } from './network/start-network.ts'
import { prepareNetwork } from './prepare-network.ts'

/** What the last of the truth may take. */
const LAST_TRUTH_MS = 2000

const options = JSON.parse(process.argv[2] ?? '{}') as LabChildOptions
const runtime = options.pidNamespaces ? createNamespaceRuntime() : createPlainRuntime()
let stopNetwork = () => Promise.resolve()
for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => void end())
process.stdin.resume()

const answer: LabChildAnswer = await startCluster()
process.stdout.write(`${JSON.stringify(answer)}\n`)
if (!answer.ok) await end()

/** As PID 1 of a namespace its exit alone ends everything; else the runtime and its reaper do. */
async function end(): Promise<void> {
  await Promise.race([stopNetwork(), sleep(LAST_TRUTH_MS)])
  runtime.close()
  process.exit()
}

async function startCluster(): Promise<LabChildAnswer> {
  const chance = random(options.seed)
  const prepared = await prepareNetwork(options.network)
  if (!prepared.ok) return prepared
  const { addresses, sandboxes } = prepared.value
  const { hostIp, clusterIps } = addresses
  const store = createStore({ random: chance.stream('store'), clusterIps })
  const logs = createContainerLogStore(join(options.directory, 'logs'))
  const faults = createFaultPlan(chance.stream('faults'), options.faults)
  const secure = options.rbac
    ? { adminToken: randomBytes(24).toString('base64url'), tls: selfSignedCertificate() }
    : undefined
  const server = await startApiServer({ store, logs, port: options.port, faults, ...secure })
  if (!server.ok) return server
  const truth = openGroundTruth(options.truthPath)
  stopNetwork = startNetwork({
    store,
    truth,
    addresses,
    network: options.network,
    directory: join(options.directory, 'network'),
    random: chance.stream('network'),
  })
  registerNodes(store, nodeNames(options.nodes), hostIp)
  startKubelet({
    store,
    truth,
    runtime,
    logs,
    random: chance.stream('kubelet'),
    podsDirectory: join(options.directory, 'pods'),
    hostIp,
    sandboxes,
  })
  startControllers({ store, random: chance.stream('controllers') })
  const { port } = server.value
  if (!secure) return succeed({ port })
  const { adminToken, tls } = secure
  return succeed({ port, credentials: { adminToken, certificate: tls.certificate } })
}
