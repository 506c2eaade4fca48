/**
 * A supervisor as PID 1: at SIGTERM it ends its child with STOP_SIGNAL (default SIGTERM), as supervisord's
 * `stopsignal` does, waits STOP_WAIT_MS for it, then kills it. The child is the image `web`: SIGTERM cuts its
 * requests, SIGQUIT lets them finish. CHILD is another command, run by a shell.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { siblingModule } from '../../base/sibling-module.ts'
import { onSignal } from './app-server.ts'

const { CHILD, STOP_SIGNAL = 'SIGTERM', STOP_WAIT_MS = '10000' } = process.env
const [command = '', ...parameters] =
  CHILD === undefined
    ? [process.execPath, fileURLToPath(siblingModule(import.meta.url, './web'))]
    : ['/bin/sh', '-c', `exec ${CHILD}`]

const child = spawn(command, parameters, { stdio: 'inherit' })
child.on('exit', (code) => process.exit(code ?? 1))
onSignal('SIGTERM', () => {
  child.kill(STOP_SIGNAL as NodeJS.Signals)
  setTimeout(() => child.kill('SIGKILL'), Number(STOP_WAIT_MS))
})
