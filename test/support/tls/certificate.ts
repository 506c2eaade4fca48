import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TlsMaterial } from '../../../src/load/load-plan.ts'

/**
 * Keys that are public and protect nothing, for tests only. All are signed by `ca`, for 100 years. `server` is for
 * localhost, shop.test and the loopback addresses; so is `expired`, which ended in 2020; `wrong-host` is for
 * elsewhere.test; `client` is a client's.
 */
export type TestCertificate = 'server' | 'expired' | 'wrong-host' | 'client'

const pem = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

/** A certificate and its key, PEM. */
export const certificate = (name: TestCertificate): { cert: string; key: string } => ({
  cert: pem(`${name}.pem`),
  key: pem(`${name}.key`),
})

/** What a client needs that trusts the test's authority and asks for shop.test. */
export const testTls: TlsMaterial & { ca: string } = {
  serverName: 'shop.test',
  insecure: false,
  ca: pem('ca.pem'),
}
