import { Socket } from 'node:net'
import { exitCodeOfSignal } from './exit-code-of-signal.ts'

/** Connects the program inside namespaces with the one outside; the end of either is the end of the other. */
export const LIFELINE_FD = 3

/**
 * For the program that is PID 1 of its namespace: without a handler a signal would do nothing there. Tells the program
 * outside when signals can be passed on.
 */
export function liveAsFirstProcess(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(exitCodeOfSignal(signal))
    })
  }
  const lifeline = new Socket({ fd: LIFELINE_FD })
  for (const event of ['end', 'close', 'error']) lifeline.once(event, () => process.exit(137))
  lifeline.resume()
  lifeline.write('ready')
  lifeline.unref()
}
