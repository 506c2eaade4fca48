import { mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ContainerLogOptions } from '../../../src/lab/api/container-logs.ts'
import { createContainerLogStore } from '../../../src/lab/kubelet/container-logs.ts'
import type { ContainerLogStore } from '../../../src/lab/kubelet/container-logs.ts'

const web = { namespace: 'default', pod: 'web', container: 'c' }
const plain = { ...web, follow: false, timestamps: false, previous: false }

let directory = ''
let logs: ContainerLogStore
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'podtank-logs-'))
  logs = createContainerLogStore(directory)
})
// A log's file is opened in the background: it may come while the directory goes.
afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))

async function read(options: Partial<ContainerLogOptions> = {}): Promise<string | undefined> {
  return (await logs.open({ ...plain, ...options })?.toArray())?.join('')
}

it('a log is read whole, by its tail, or with times in nanoseconds', async () => {
  const log = logs.begin(web)
  log.append('stdout', Buffer.from('one\ntw'))
  log.append('stderr', Buffer.from('other\n'))
  log.append('stdout', Buffer.from('o\nthree'))
  log.end()
  expect(await read()).toBe('one\nother\ntwo\nthree\n')
  expect(await read({ tailLines: 1 })).toBe('three\n')
  expect(await read({ tailLines: 0 })).toBe('')
  expect(await read({ sinceEpochMs: Date.now() - 60_000 })).toBe('one\nother\ntwo\nthree\n')
  expect(await read({ sinceEpochMs: Date.now() + 1000 })).toBe('')
  expect(await read({ limitBytes: 6 })).toBe('one\not')
  expect(await read({ timestamps: true, tailLines: 1 })).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three\n$/,
  )
})

it('a followed log goes on until its container has ended', async () => {
  const log = logs.begin(web)
  log.append('stdout', Buffer.from('one\n'))
  const text = read({ follow: true })
  log.append('stdout', Buffer.from('two\n'))
  log.end()
  expect(await text).toBe('one\ntwo\n')
  const next = logs.begin(web)
  const start = read({ follow: true, limitBytes: 5 })
  next.append('stdout', Buffer.from('three\nfour\n'))
  expect(await start).toBe('three')
})

it('the log before a restart is the previous one', async () => {
  expect(await read()).toBeUndefined()
  logs.begin(web).append('stdout', Buffer.from('first\n'))
  expect(await read({ previous: true })).toBeUndefined()
  logs.begin(web).append('stdout', Buffer.from('second\n'))
  expect([await read({ previous: true }), await read()]).toEqual(['first\n', 'second\n'])
  const files = ['default_web_c_0.log', 'default_web_c_1.log']
  await expect.poll(() => readdirSync(directory)).toEqual(files)
})

it('a removed pod has no log any more', async () => {
  logs.begin(web)
  logs.forget('default', 'web')
  expect(await read()).toBeUndefined()
})
