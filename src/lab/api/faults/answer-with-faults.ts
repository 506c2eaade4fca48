import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicUs } from '../../../base/clock.ts'
import type { Answer } from '../answer.ts'
import type { ApiRequest } from '../api-context.ts'
import { sendAnswer } from '../answer.ts'
import type { InjectedFault } from './fault.ts'
import type { Strike } from './fault-plan.ts'
import { faultStatus } from './fault-status.ts'
import { MALFORMED_LINE, sendEndless, sendTruncated } from './garbage.ts'
import { watchFaultOf } from './strike-watch.ts'

/** A call in the hands of the faults that strike it. */
export interface StruckCall {
  readonly request: ApiRequest
  readonly response: ServerResponse
  /** Answers a request as it should be; what it writes has taken effect when it returns. */
  readonly handle: (request: ApiRequest) => Answer
  /** Forgets every change before now. */
  readonly compact: () => void
}

/** Answers a call; delays come first and add up, then the first other fault strikes. */
export async function answerWithFaults(
  call: StruckCall,
  strikes: readonly Strike[],
): Promise<void> {
  let early: Answer | undefined
  for (const { fault, entry } of strikes) {
    if (fault.kind !== 'delay') continue
    if (fault.applied) early ??= apply(call, entry)
    await sleep(fault.delayMs, undefined, { ref: false })
  }
  const once: StruckCall = early ? { ...call, handle: () => early } : call
  const strike = strikes.find(({ fault }) => fault.kind !== 'delay')
  if (strike) strikeCall(once, strike)
  else sendAnswer(call.response, once.handle(call.request))
}

/** Lets the call take effect and notes when, and with what code. */
function apply({ request, handle }: StruckCall, entry: InjectedFault): Answer {
  const answer = handle(request)
  entry.appliedAtUs = monotonicUs()
  if ('code' in answer) entry.code = answer.code
  return answer
}

function strikeCall(call: StruckCall, { fault, entry }: Strike): void {
  const { request, response } = call
  if (entry.verb === 'watch') {
    const watchFault = watchFaultOf(fault, call.compact, () => {
      entry.struckAtUs = monotonicUs()
    })
    if (watchFault) {
      sendAnswer(response, call.handle({ ...request, watchFault }))
      return
    }
  }
  if ('applied' in fault && fault.applied) apply(call, entry)
  switch (fault.kind) {
    case 'status':
      sendAnswer(response, faultStatus(fault.status, fault.retryAfterSeconds))
      return
    case 'drop':
      response.socket?.resetAndDestroy()
      return
    case 'garbage':
      sendGarbage(call, fault.form, apply(call, entry))
      return
    case 'compaction':
      call.compact()
      sendAnswer(response, fault.shape === 'continue' ? call.handle(request) : faultStatus(410))
      return
    case 'late':
      setTimeout(() => apply(call, entry), fault.lateMs).unref()
      if (fault.seen === 'drop') response.socket?.resetAndDestroy()
      else if (fault.seen === 'timeout') sendAnswer(response, faultStatus(504))
      return
    case 'delay':
    case 'hang':
      return
  }
}

function sendGarbage(
  { response }: StruckCall,
  form: 'malformed' | 'truncated' | 'endless',
  answer: Answer,
): void {
  if (form === 'truncated' && 'body' in answer) {
    sendTruncated(response, answer.code, JSON.stringify(answer.body))
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  if (form === 'endless') sendEndless(response)
  else response.end(MALFORMED_LINE)
}
