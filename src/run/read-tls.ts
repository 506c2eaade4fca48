import { readFileSync } from 'node:fs'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { TlsMaterial } from '../load/load-plan.ts'
import type { TlsSpec } from '../scenario/scenario.ts'

/** Reads the files that TLS needs, once, before the start. */
export function readTls(spec: TlsSpec, host: string): Result<TlsMaterial, Problem> {
  const ca = readPem(spec.caPath)
  if (!ca.ok) return ca
  const cert = readPem(spec.certPath)
  if (!cert.ok) return cert
  const key = readPem(spec.keyPath)
  if (!key.ok) return key
  return succeed({
    serverName: spec.serverName ?? host,
    insecure: spec.insecure ?? false,
    ...(ca.value !== undefined && { ca: ca.value }),
    ...(cert.value !== undefined && { cert: cert.value }),
    ...(key.value !== undefined && { key: key.value }),
  })
}

function readPem(path: string | undefined): Result<string | undefined, Problem> {
  if (path === undefined) return succeed(undefined)
  try {
    const text = readFileSync(path, 'utf8')
    if (text.includes('-----BEGIN ')) return succeed(text)
    return fail({ code: 'bad-pem', message: `${path} is not a PEM file: it has no BEGIN line` })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail({ code: 'bad-pem', message: `${path} cannot be read: ${code ?? String(error)}` })
  }
}
