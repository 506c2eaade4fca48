import { setTimeout as sleep } from 'node:timers/promises'
import { createInterface } from 'node:readline'
import type { IncomingMessage } from 'node:http'
import type { ApiAccess } from './api-client.ts'
import type { CaseAnswer, ConformanceCase, Step } from './conformance-case.ts'
import { send } from './api-client.ts'
import { projectAnswer } from './project-answer.ts'

const PATIENCE_MS = 10_000
const RETRY_MS = 50

interface RawAnswer {
  readonly code: number
  readonly body: unknown
  readonly warning?: string
}

/** Sends the requests of a case and gives the projected answers, without those of preparing steps. */
export async function runCase(
  access: ApiAccess,
  namespace: string,
  { title, steps }: ConformanceCase,
): Promise<CaseAnswer[]> {
  const answers: RawAnswer[] = []
  for (const [index, step] of steps.entries()) {
    const answer = await askUntil(access, resolveStep(step, namespace, answers))
    const failed = step.prepares && answer.code >= 300
    if (failed) {
      throw new Error(`${title}: step ${index} failed: ${JSON.stringify(answer.body)}`)
    }
    answers.push(answer)
  }
  return answers.flatMap(({ body, ...rest }, index) =>
    steps[index]?.prepares ? [] : [{ ...rest, body: projectAnswer(body, namespace) }],
  )
}

/** Fills `{ns}` and the references to earlier answers in. */
function resolveStep(step: Step, namespace: string, answers: readonly RawAnswer[]): Step {
  const fill = (text: string, encode: (value: string) => string) =>
    text
      .replaceAll('{ns}', namespace)
      .replace(/<(\d+)\.([^>]+)>/g, (_all, index: string, path: string) =>
        encode(valueAt(answers[Number(index)]?.body, path) as string),
      )
  const same = (value: string) => value
  const body =
    typeof step.body === 'string' || step.body === undefined
      ? step.body
      : fill(JSON.stringify(step.body), same)
  return {
    ...step,
    path: fill(step.path, encodeURIComponent),
    ...(body === undefined ? {} : { body }),
  }
}

export function valueAt(value: unknown, path: string): unknown {
  let found = value
  for (const key of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[key]
  return found
}

async function askUntil(access: ApiAccess, step: Step): Promise<RawAnswer> {
  const endMs = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask(access, step)
    if (holds(answer, step) || Date.now() > endMs) return answer
    await sleep(RETRY_MS)
  }
}

const holds = ({ code, body }: RawAnswer, { until }: Step): boolean =>
  until === undefined ||
  (until.code === undefined ? valueAt(body, until.at ?? '') === until.is : code === until.code)

async function ask(access: ApiAccess, step: Step): Promise<RawAnswer> {
  const { method, path, body, accept = 'application/json', as } = step
  const contentType = step.contentType ?? (body === undefined ? '' : 'application/json')
  const response = await send(access, {
    method,
    path,
    headers: {
      accept,
      ...(contentType === '' ? {} : { 'content-type': contentType }),
      ...(as === undefined ? {} : { 'impersonate-user': as }),
      ...(typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
    },
    ...(typeof body === 'string' ? { body } : {}),
  })
  const code = response.statusCode ?? 0
  if (step.events !== undefined && code === 200) {
    return { code, body: await readEvents(response, step.events) }
  }
  const { warning } = response.headers
  return { code, body: await readBody(response), ...(warning === undefined ? {} : { warning }) }
}

async function readBody(response: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) text += chunk
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Up to `count` events, fewer when the server ends the watch or nothing more comes. */
async function readEvents(response: IncomingMessage, count: number): Promise<unknown[]> {
  const events: unknown[] = []
  const timer = setTimeout(() => response.destroy(), PATIENCE_MS / 2)
  const lines = createInterface({ input: response })
  lines.on('error', () => undefined)
  response.on('error', () => lines.close())
  for await (const line of lines) {
    events.push(JSON.parse(line))
    if (events.length >= count) break
  }
  clearTimeout(timer)
  response.destroy()
  return events
}
