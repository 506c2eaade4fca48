import { EXIT } from '../verdict/exit-code.ts'

/** The exit code of a program that a signal ended before it had anything to put back; the same as that of a run. */
export const exitCodeOfSignal = (signal: string): number =>
  signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted
