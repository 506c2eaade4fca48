import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  answerText,
  type SeenRequest,
  startHostileServer,
} from '../../test/support/hostile-server.ts'
import { DROP_EVERY, type DropKind } from './drop-kinds.ts'
import type { Claim, Ended, Order, Rival } from './rival.ts'

/** What one tool made of one kind of drop. */
export interface Cell {
  /** Requests that the server spoilt. */
  readonly dropped: number
  /** Whole requests that the server saw. */
  readonly seen: number
  /** Absent: the tool gave no figures. */
  readonly claim?: Claim
  readonly exitCode?: number
}

const MAX_RUN_MS = 10_000
/** The answer takes so long, so that ten connections make about a thousand requests a second. */
const ANSWER_AFTER_MS = 8

/** Runs a tool against a server that spoils some requests, and sets its figures beside the server's. */
export async function runCell(
  rival: Rival,
  kind: DropKind,
  method: Order['method'],
): Promise<Cell> {
  const counts = { eligible: 0, dropped: 0 }
  await using server = await startHostileServer((socket, request) => {
    const isEligible = kind.on === 'new' || request.nthOnConnection > 0
    if (isEligible && ++counts.eligible % DROP_EVERY === 0) {
      counts.dropped++
      kind.act(socket, request)
      return
    }
    const last = wantsClose(request)
    const answer = answerText('ok', 200, [`Connection: ${last ? 'close' : 'keep-alive'}`])
    setTimeout(() => (last ? socket.end(answer) : socket.write(answer)), ANSWER_AFTER_MS)
  })
  const folder = await mkdtemp(join(tmpdir(), 'podtank-rival-'))
  try {
    const url = `http://127.0.0.1:${server.port}/`
    const ended = await run(rival.command({ url, method, keepAlive: kind.on === 'reused', folder }))
    const claim = rival.read(ended)
    const { exitCode } = ended
    return {
      dropped: counts.dropped,
      seen: server.requests.length,
      ...(claim && { claim }),
      ...(exitCode !== undefined && { exitCode }),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const wantsClose = ({ head }: SeenRequest): boolean =>
  /^connection: *close/im.test(head) ||
  (/ HTTP\/1\.0$/m.test(head) && !/^connection: *keep-alive/im.test(head))

function run([program = '', ...args]: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MAX_RUN_MS,
      killSignal: 'SIGKILL',
    })
    const text = { stdout: '', stderr: '' }
    child.stdout.on('data', (bytes: Buffer) => (text.stdout += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (text.stderr += bytes.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...text, ...(code !== null && { exitCode: code }) }))
  })
}
