import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Container } from '../../../src/lab/api/kinds/pod.ts'
import { podActs } from './pod-acts.ts'
import { namespacesWork, startTestNode, until, type TestNode } from './test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await startTestNode()
})
afterAll(() => {
  node.close()
})
const acts = podActs(() => node)

async function end(name: string, containers: Partial<Container>[]) {
  node.run(name, {
    restartPolicy: 'Never',
    containers: containers.map((one, at) => ({ name: `c${String(at)}`, image: 'b', ...one })),
  })
  await until(`${name} ends`, () => /Succeeded|Failed/.test(node.pod(name)?.status.phase ?? ''))
  return (node.pod(name)?.status.containerStatuses ?? []).map(({ state }) => state?.terminated)
}

const sh = (script: string) => ({ command: ['/bin/sh', '-c', script] })

describe.runIf(namespacesWork)('the files of a container', { timeout: 30_000 }, () => {
  it('in /tmp are its own, and none of them are on the machine', async () => {
    await end('tmp', [
      sh('echo one > /tmp/podtank-own; sleep 0.5; cat /tmp/podtank-own'),
      sh('echo two > /tmp/podtank-own; sleep 0.5; cat /tmp/podtank-own'),
    ])
    expect(await acts.log('tmp', 'c0')).toBe('one\n')
    expect(await acts.log('tmp', 'c1')).toBe('two\n')
    expect(existsSync('/tmp/podtank-own')).toBe(false)
  })

  it('below /tmp that its command names are seen, others of the machine are not', async () => {
    const named = mkdtempSync('/tmp/podtank-named-')
    const other = mkdtempSync('/tmp/podtank-other-')
    writeFileSync(`${named}/file`, 'seen')
    await end('named', [{ ...sh(`cat ${named}/file; ls /tmp`) }])
    const log = await acts.log('named', 'c0')
    expect(log).toMatch(/^seen/)
    expect(log).toContain(basename(named))
    expect(log).not.toContain(basename(other))
    expect(readdirSync(named)).toEqual(['file'])
    for (const folder of [named, other]) rmSync(folder, { recursive: true })
  })

  it('in /dev are those that every container has', async () => {
    await end('dev', [
      sh('ls /dev | tr "\\n" " "; echo; echo gone > /dev/null'),
      sh('echo shared > /dev/shm/word; sleep 1'),
      sh('sleep 0.5; cat /dev/shm/word'),
    ])
    expect(await acts.log('dev', 'c0')).toBe(
      'fd full null ptmx pts random shm stderr stdin stdout termination-log tty urandom zero \n',
    )
    expect(await acts.log('dev', 'c2')).toBe('shared\n')
    expect(existsSync('/dev/shm/word')).toBe(false)
  })

  it('say why it ended: the termination message, wherever its file is', async () => {
    const [first, second, third] = await end('message', [
      sh('printf "no database" > /dev/termination-log; exit 2'),
      { ...sh('printf "no cache" > /podtank-why'), terminationMessagePath: '/podtank-why' },
      {
        ...sh('head -c 5000 /dev/zero | tr "\\0" x > /tmp/podtank-why'),
        terminationMessagePath: '/tmp/podtank-why',
      },
    ])
    expect(first).toMatchObject({ exitCode: 2, reason: 'Error', message: 'no database' })
    expect(second).toMatchObject({ exitCode: 0, reason: 'Completed', message: 'no cache' })
    expect(third?.message).toBe('x'.repeat(4_096))
    expect(existsSync('/podtank-why')).toBe(false)
  })

  it('say nothing when the container left no message, and a new run begins without one', async () => {
    const container = {
      name: 'c0',
      image: 'b',
      ...sh('cat /dev/termination-log; echo old > /dev/termination-log; exit 1'),
    }
    node.run('again', { restartPolicy: 'OnFailure', containers: [container] })
    await until(
      'two runs',
      () => (node.pod('again')?.status.containerStatuses?.[0]?.restartCount ?? 0) > 0,
    )
    expect(await acts.log('again', 'c0')).toBe('')
    expect((await end('mute', [sh('exit 0')]))[0]).not.toHaveProperty('message')
  })
})

describe('with FallbackToLogsOnError', { timeout: 30_000 }, () => {
  it('the end of the log is the message of a container that fails, and of no other', async () => {
    const terminationMessagePolicy = 'FallbackToLogsOnError'
    const [failed, done] = await end('fallback', [
      { ...sh('for i in $(seq 100); do echo line $i; done; exit 3'), terminationMessagePolicy },
      { ...sh('echo fine'), terminationMessagePolicy },
    ])
    expect(failed?.message).toMatch(/^line 21\n[^]*line 100\n$/)
    expect(done).not.toHaveProperty('message')
  })
})
