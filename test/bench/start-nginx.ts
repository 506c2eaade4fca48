import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'

const TLS = join(import.meta.dirname, '..', 'support', 'tls')

/** Debian's nginx as the server of a benchmark: one process, on core 0. */
export interface BenchNginx {
  readonly port: number
  readonly tlsPort: number
  /** `nginx/1.22.1`. */
  readonly version: string
  stop(): void
}

/** `/` answers 64 bytes; `/1k`, `/100k` and `/10m` files of that size. */
export async function startNginx(): Promise<BenchNginx> {
  const directory = mkdtempSync(join(tmpdir(), 'podtank-nginx-'))
  for (const [name, bytes] of [
    ['1k', 1_000],
    ['100k', 100_000],
    ['10m', 10_000_000],
  ] as const) {
    writeFileSync(join(directory, name), 'x'.repeat(bytes))
  }
  const [port, tlsPort] = [await freePort(), await freePort()]
  const config = join(directory, 'nginx.conf')
  writeFileSync(config, configOf(directory, port, tlsPort))
  const child = spawn('taskset', ['-c', '0', 'nginx', '-c', config, '-e', 'stderr'], {
    stdio: 'ignore',
  })
  await answering(port)
  const { stderr } = await promisify(execFile)('nginx', ['-v'])
  return {
    port,
    tlsPort,
    version: /nginx\/[\d.]+/.exec(stderr)?.[0] ?? 'nginx',
    stop() {
      child.kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const configOf = (directory: string, port: number, tlsPort: number): string => `
worker_processes 1;
daemon off;
master_process off;
error_log stderr crit;
pid ${directory}/nginx.pid;
events { worker_connections 20000; }
http {
  access_log off;
  client_body_temp_path ${directory};
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  sendfile on;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    listen 127.0.0.1:${tlsPort} ssl backlog=4096;
    ssl_certificate ${TLS}/server.pem;
    ssl_certificate_key ${TLS}/server.key;
    root ${directory};
    location = / { return 200 "${'0123456789abcdef'.repeat(4)}"; }
  }
}
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error('nginx does not answer; is Debian’s nginx-light installed?')
}
