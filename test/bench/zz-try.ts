import { startBenchServer } from '/work/main/test/bench/start-server.ts'
import { runLoad } from '/work/main/test/load/run-load.ts'
import { sparseQuantile } from '/work/main/src/base/histogram.ts'
const server = await startBenchServer()
const rate = process.argv[2] ?? '20000', secs = process.argv[3] ?? '5s'
for (let i = 0; i < 2; i++) {
  const cpu = process.cpuUsage()
  const run = await runLoad({ port: server.port, schedule: `const(${rate},${secs})` })
  const used = process.cpuUsage(cpu)
  const q = (x: number) => sparseQuantile(run.sendLag, x)
  console.log(rate, 'lag p50/p99/p99.9/max', q(.5), q(.99), q(.999), q(1), 'late', run.late, 'notSent', run.notSent, 'out', run.outcomes, 'newconns', run.byUse.new, 'cpu', (used.user + used.system) / 1e6)
  console.log(run.frames.slice(0, 6).map(f => [f.sent, f.connections, f.loopDelayUs, sparseQuantile(f.sendLag, .99)].join('/')).join('  '))
  console.log('worst', run.frames.map((f,i) => [i,f.loopDelayUs, sparseQuantile(f.sendLag, .99)] as const).sort((a,b)=>b[1]-a[1]).slice(0,5).map(x=>x.join('/')).join(' '))
}
server.stop()
