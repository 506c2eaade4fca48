import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { FrameCollector } from './drive/frame-collector.ts'
import type { LoadPlan } from './load-plan.ts'
import { type PreparedRequest, prepareRequest } from './prepared-request.ts'
import { RawEngine } from './raw/raw-engine.ts'

const MAX_ROUNDS = 20
const BATCHES = { reuse: 60, new: 6 }
/** Requests at once. */
const BATCH = 16

/**
 * Runs the engine's own code against a server inside this thread, for as long as it may and until it is warm. So the
 * first requests of the schedule do not meet code that is still interpreted. Nothing goes to the plan's address, and
 * nothing is counted. Does nothing when 127.0.0.1 cannot be listened on.
 */
export async function warmUp(
  plan: LoadPlan,
  nowUs: () => number,
  mayGoOn: () => boolean,
): Promise<void> {
  const server = await startAnswering(plan.load.identityHeader)
  if (!server) return
  const { port } = server.address() as AddressInfo
  const address = { host: '127.0.0.1', port, hostHeader: plan.address.hostHeader }
  const request = prepareRequest(
    { method: 'GET', path: '/', headers: {}, weight: 1, okStatuses: [] },
    address.hostHeader,
  )
  // Whole lives of engines, closing included: what V8 learns only then would undo what it has compiled before.
  for (let round = 0; round < MAX_ROUNDS && mayGoOn(); round++) {
    for (const isNew of [false, true]) {
      await sendBatches({ ...plan, address }, request, isNew, nowUs, mayGoOn)
    }
  }
  server.close()
}

async function sendBatches(
  plan: LoadPlan,
  request: PreparedRequest,
  isNew: boolean,
  nowUs: () => number,
  mayGoOn: () => boolean,
): Promise<void> {
  const collector = new FrameCollector(0, 0)
  const engine = new RawEngine(plan, nowUs, (exchange, outcome, detail) =>
    collector.ended(exchange, outcome, detail),
  )
  const batches = isNew ? BATCHES.new : BATCHES.reuse
  for (let batch = 0; batch < batches && mayGoOn(); batch++) {
    for (let seq = 0; seq < BATCH && engine.hasRoom(isNew); seq++) {
      const dueAtUs = nowUs()
      collector.sent(dueAtUs, engine.send(request, seq, dueAtUs, isNew))
    }
    while (engine.inFlight > 0 && mayGoOn()) await turn()
    engine.tick(nowUs())
    collector.takeFrame({ due: BATCH, inFlight: 0, connections: engine.connections })
  }
  engine.close()
}

/** A server that gives every request the same answer; undefined when it cannot listen. */
async function startAnswering(identityHeader: string): Promise<Server | undefined> {
  const answer = Buffer.from(
    `HTTP/1.1 200 OK\r\n${identityHeader}: warm-up\r\nContent-Length: 2\r\n\r\nok`,
  )
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', () => socket.write(answer))
  })
  server.listen(0, '127.0.0.1')
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}
