import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before the program (`node --import`): keeps every worker thread's event loop busy for GATE_STALL_MS out of
 * every GATE_STALL_EVERY_MS, as bad code within the generator would.
 */
const stallMs = Number(process.env['GATE_STALL_MS'] ?? 0)
const everyMs = Number(process.env['GATE_STALL_EVERY_MS'] ?? 0)

if (!isMainThread && stallMs > 0) {
  setInterval(() => {
    const untilMs = performance.now() + stallMs
    while (performance.now() < untilMs);
  }, everyMs).unref()
}
