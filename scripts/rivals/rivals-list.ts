import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RivalPaths } from './install-rivals.ts'
import {
  type Claim,
  CONNECTIONS,
  numberIn,
  type Order,
  POST_BODY,
  REQUESTS,
  type Rival,
  TIMEOUT_SECONDS,
} from './rival.ts'

const firstMatch = (command: readonly string[], pattern: RegExp): string => {
  const [program = '', ...args] = command
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return pattern.exec(stdout + stderr)?.[1] ?? 'unknown'
}

const wrk: Rival = {
  name: 'wrk',
  version: () => firstMatch(['wrk', '-v'], /wrk (\S+)/),
  command({ url, method, keepAlive, folder }) {
    const script = join(folder, 'wrk.lua')
    writeFileSync(script, method === 'POST' ? `wrk.method='POST'\nwrk.body='${POST_BODY}'\n` : '')
    const close = keepAlive ? [] : ['-H', 'Connection: close']
    const size = ['-t', '1', '-c', String(CONNECTIONS), '-d', '1s']
    return ['wrk', ...size, '--timeout', `${TIMEOUT_SECONDS}s`, '-s', script, ...close, url]
  },
  read({ stdout }) {
    const errors = /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)
    const broken = (errors?.slice(1) ?? []).reduce((sum, count) => sum + Number(count), 0)
    const requests = numberIn(stdout, /(\d+) requests in/) + broken
    return { requests, failed: broken + numberIn(stdout, /Non-2xx or 3xx responses: (\d+)/) }
  },
}

const ab: Rival = {
  name: 'ab',
  version: () => firstMatch(['ab', '-V'], /Version (\S+)/),
  command({ url, method, keepAlive, folder }) {
    const file = join(folder, 'ab.json')
    writeFileSync(file, POST_BODY)
    const post = method === 'POST' ? ['-p', file, '-T', 'application/json'] : []
    const size = ['-n', String(REQUESTS), '-c', String(CONNECTIONS), '-s', String(TIMEOUT_SECONDS)]
    return ['ab', '-q', '-r', ...(keepAlive ? ['-k'] : []), ...size, ...post, url]
  },
  read({ stdout }) {
    if (!stdout.includes('Complete requests')) return undefined
    const complete = numberIn(stdout, /Complete requests:\s+(\d+)/)
    // One request can be in several of its groups ("Length" and "Exceptions"), so the sum would count twice.
    const groups = /Connect: (\d+), Receive: (\d+), Length: (\d+), Exceptions: (\d+)/.exec(stdout)
    const failed = Math.max(0, ...(groups?.slice(1).map(Number) ?? []))
    return { requests: complete, failed: failed + numberIn(stdout, /Non-2xx responses:\s+(\d+)/) }
  },
}

const hey = (path: string): Rival => ({
  name: 'hey',
  version: () => firstMatch(['go', 'version', '-m', path], /mod\s+\S+\s+(\S+)/),
  command({ url, method, keepAlive }) {
    const size = ['-n', String(REQUESTS), '-c', String(CONNECTIONS), '-t', String(TIMEOUT_SECONDS)]
    const post = method === 'POST' ? ['-d', POST_BODY] : []
    return [path, ...size, '-m', method, ...post, ...(keepAlive ? [] : ['-disable-keepalive']), url]
  },
  read({ stdout }) {
    const statuses = [...stdout.matchAll(/\[(\d+)\]\s+(\d+) responses/g)]
    const [, errors = ''] = stdout.split('Error distribution:')
    const broken = sum([...errors.matchAll(/^\s+\[(\d+)\]/gm)].map(([, count]) => Number(count)))
    const requests = broken + sum(statuses.map(([, , count]) => Number(count)))
    const bad = statuses.filter(([, status]) => Number(status) >= 400)
    return { requests, failed: broken + sum(bad.map(([, , count]) => Number(count))) }
  },
})

const k6 = (path: string): Rival => ({
  name: 'k6',
  version: () => firstMatch([path, 'version'], /k6 (\S+)/),
  command(order) {
    const script = join(order.folder, 'k6.js')
    writeFileSync(script, k6Script(order))
    return [path, 'run', '--quiet', '--no-usage-report', '--no-color', '--log-output=none', script]
  },
  read({ stdout }) {
    const text = /^\{"podtank".*$/m.exec(stdout)?.[0]
    if (text === undefined) return undefined
    const { requests, failed } = JSON.parse(text) as Claim
    return { requests, failed }
  },
})

const k6Script = ({ url, method, keepAlive }: Order): string => `
import http from 'k6/http'
export const options = {
  scenarios: { all: { executor: 'shared-iterations', vus: ${CONNECTIONS}, iterations: ${REQUESTS}, maxDuration: '9s' } },
  noConnectionReuse: ${!keepAlive},
}
export default () => {
  http.request('${method}', '${url}', ${method === 'POST' ? `'${POST_BODY}'` : 'null'}, { timeout: '${TIMEOUT_SECONDS}s' })
}
export const handleSummary = ({ metrics }) => ({
  stdout: JSON.stringify({
    podtank: 1, requests: metrics.http_reqs.values.count, failed: metrics.http_req_failed.values.passes,
  }) + '\\n',
})
`

const oha = (path: string): Rival => ({
  name: 'oha',
  version: () => firstMatch([path, '--version'], /oha (\S+)/),
  command({ url, method, keepAlive }) {
    const size = ['-n', String(REQUESTS), '-c', String(CONNECTIONS), '-t', `${TIMEOUT_SECONDS}s`]
    const post = method === 'POST' ? ['-d', POST_BODY] : []
    const quiet = ['--no-tui', '--output-format', 'json']
    const close = keepAlive ? [] : ['--disable-keepalive']
    return [path, ...quiet, ...size, '-m', method, ...post, ...close, url]
  },
  read({ stdout }) {
    if (!stdout.startsWith('{')) return undefined
    const { statusCodeDistribution = {}, errorDistribution = {} } = JSON.parse(stdout) as {
      statusCodeDistribution?: Record<string, number>
      errorDistribution?: Record<string, number>
    }
    const bad = Object.entries(statusCodeDistribution).filter(([status]) => Number(status) >= 400)
    const broken = sum(Object.values(errorDistribution))
    return {
      requests: sum(Object.values(statusCodeDistribution)) + broken,
      failed: broken + sum(bad.map(([, count]) => count)),
    }
  },
})

const autocannon = (path: string): Rival => ({
  name: 'autocannon',
  version: () => firstMatch([process.execPath, path, '--version'], /autocannon v?(\S+)/),
  command({ url, method, keepAlive }) {
    const size = ['-a', String(REQUESTS), '-c', String(CONNECTIONS), '-t', String(TIMEOUT_SECONDS)]
    const post = method === 'POST' ? ['-b', POST_BODY] : []
    const close = keepAlive ? [] : ['-H', 'Connection=close']
    return [process.execPath, path, '-j', ...size, '-m', method, ...post, ...close, url]
  },
  read({ stdout }) {
    const text = /^\{.*\}$/m.exec(stdout)?.[0]
    if (text === undefined) return undefined
    const result = JSON.parse(text) as Record<'errors' | 'non2xx', number> & {
      requests: { total: number }
    }
    // `errors` holds the time-outs too.
    const { requests, errors, non2xx } = result
    return { requests: requests.total + errors, failed: errors + non2xx }
  },
})

const podtank = (program: string): Rival => ({
  name: 'podtank',
  version: () =>
    execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8' }).trim(),
  command({ url, method, keepAlive, folder }) {
    const post = method === 'POST' ? ['-d', POST_BODY] : []
    const load = ['-s', `const(${REQUESTS},1s)`, '--connections', keepAlive ? 'reuse' : 'new']
    const out = ['-o', 'json', '--out', join(folder, 'podtank')]
    const wait = ['--timeout', `${TIMEOUT_SECONDS}s`]
    return [process.execPath, program, 'load', url, '-X', method, ...post, ...load, ...wait, ...out]
  },
  read({ stdout }) {
    if (!stdout.startsWith('{')) return undefined
    const { ledger } = JSON.parse(stdout) as {
      ledger: { sent: number; outcomes: Record<string, number> }
    }
    return { requests: ledger.sent, failed: ledger.sent - (ledger.outcomes['ok'] ?? 0) }
  },
})

/** All tools of the table, podtank first. */
export const rivals = (paths: RivalPaths, program: string): readonly Rival[] => [
  podtank(program),
  wrk,
  ab,
  hey(paths.hey),
  k6(paths.k6),
  oha(paths.oha),
  autocannon(paths.autocannon),
]

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
