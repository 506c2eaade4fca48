import { behaviours, promptBehaviours, silentBehaviours } from './behaviours.ts'
import { runBehaviours } from './zz-run.ts'
const [method, on, engine, set] = process.argv.slice(2) as any
const bs = (set === 'silent' ? silentBehaviours : promptBehaviours).filter(
  (b) => on === 'new' || b.on === 'any',
)
const t0 = Date.now()
const c0 = process.cpuUsage()
const r = await runBehaviours({
  behaviours: bs,
  method,
  on,
  engine,
  eachPerSecond: set === 'silent' ? 80 : 40,
  timeoutUs: set === 'silent' ? 1e6 : 20e6,
})
const c = process.cpuUsage(c0)
console.log(
  bs.length,
  'behaviours',
  Date.now() - t0,
  'ms cpu',
  ((c.user + c.system) / 1000) | 0,
  r.run.end,
  'planned',
  r.run.planned,
  'sent',
  r.run.sent,
  'seen',
  r.seenSeqs.length,
  new Set(r.seenSeqs).size,
  'conns',
  r.connections,
  r.run.notSent,
  'goodFailures',
  r.goodFailures.length,
  'minMisdeeds',
  Math.min(...bs.map((b) => r.misdeeds(b))),
  'rss',
  process.memoryUsage().rss >> 20,
)
console.log(r.run.outcomes)
for (const b of bs) {
  const e = (engine === 'undici' ? b.undici : undefined) ?? b.expected
  const f = r.failures(b)
  const g: any = {}
  for (const x of f) {
    const k =
      x.outcome + ' ' + (x.detail ?? '') + ' ' + (x.status ?? '') + ' bytes=' + x.bytesReceived
    g[x.outcome] ??= { n: 0, k }
    g[x.outcome].n++
  }
  const bad =
    e.outcome === 'ok'
      ? f.length > 0
      : !(Object.keys(g).length === 1 && g[e.outcome]?.n === r.misdeeds(b))
  const ff = e.facts ?? {}
  const badFact = f.filter((x) => Object.entries(ff).some(([k, v]) => (x as any)[k] !== v)).length
  if (bad || badFact)
    console.log(
      'MISS',
      b.name,
      'expected',
      e.outcome,
      JSON.stringify(ff),
      'misdeeds',
      r.misdeeds(b),
      JSON.stringify(g),
    )
}
if (r.goodFailures.length) console.log(r.goodFailures.slice(0, 3))
