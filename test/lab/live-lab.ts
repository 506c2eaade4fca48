/** Runs a lab with a few pods until it is killed; a test kills it. Its arguments: directory, `plain` or nothing. */
import { startLab } from '../../src/lab/start-lab.ts'
import { startMarkedPods } from './marked-pods.ts'

process.on('SIGINT', () => undefined)
const [directory = '', form] = process.argv.slice(2)
const lab = await startLab({ directory, seed: 1, plainProcesses: form === 'plain' })
if (!lab.ok) throw new Error(lab.error.message)
await startMarkedPods(lab.value.serverUrl, process.env['PODTANK_TEST_MARKER'] ?? '')
process.stdout.write(`${lab.value.serverUrl}\n`)
