import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Container, Volume } from '../../../src/lab/api/kinds/pod.ts'
import type { KubeObject } from '../../../src/lab/api/store.ts'
import { podActs } from './pod-acts.ts'
import { namespacesWork, startTestNode, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await startTestNode()
  createData('configmaps', 'ConfigMap', {
    data: { greeting: 'hello', run: '#!/bin/sh\necho ran\n' },
  })
  createData('secrets', 'Secret', { stringData: { pin: '1234' } })
})
afterAll(() => {
  node.close()
})
const acts = podActs(() => node)

function createData(resource: 'configmaps' | 'secrets', kind: string, more: object): void {
  const metadata = { name: 'words', uid: '', resourceVersion: '', creationTimestamp: '' }
  const object: KubeObject = { apiVersion: 'v1', kind, metadata, ...more }
  const created = node.store.create(resource, object)
  if (!created.ok) throw new Error(created.error.message)
}

const emptyDir: Volume = { name: 'empty', emptyDir: {} }

async function output(
  name: string,
  volumes: Volume[],
  container: Partial<Container> & { command: string[] },
): Promise<string> {
  const containers = [{ name: 'c', image: 'b', ...container }]
  node.run(name, { restartPolicy: 'Never', volumes, containers })
  await until(`${name} ends`, () => /Succeeded|Failed/.test(node.pod(name)?.status.phase ?? ''))
  return acts.log(name, 'c')
}

describe.runIf(namespacesWork)('the volumes of a container', { timeout: 30_000 }, () => {
  it('of a claim stay for the next pod that claims it, as a StatefulSet needs it', async () => {
    const volumes: Volume[] = [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } }]
    const volumeMounts = [{ name: 'data', mountPath: '/podtank-data' }]
    const run = (name: string, script: string) =>
      output(name, volumes, { volumeMounts, command: ['/bin/sh', '-c', script] })
    expect(await run('claims', 'echo kept > /podtank-data/file')).toBe('')
    expect(await run('claims-again', 'cat /podtank-data/file')).toBe('kept\n')
  })

  it('are at their paths, which are not made on the disk of the machine', async () => {
    const volumes: Volume[] = [
      { name: 'config', configMap: { name: 'words', items: [{ key: 'greeting', path: 'a/b' }] } },
      { name: 'pin', secret: { secretName: 'words' } },
      {
        name: 'pod',
        downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] },
      },
      {
        name: 'all',
        projected: { sources: [{ configMap: { name: 'words' } }, { secret: { name: 'words' } }] },
      },
    ]
    const at = {
      config: '/podtank-a',
      pin: '/etc/podtank-b',
      pod: '/podtank-c/d',
      all: '/podtank-e',
    }
    const volumeMounts = Object.entries(at).map(([name, mountPath]) => ({ name, mountPath }))
    const files = '/podtank-a/a/b /etc/podtank-b/pin /podtank-c/d/name /podtank-e/pin'
    const command = [
      'sh',
      '-c',
      `for f in ${files}; do cat $f; echo; done; ls /etc/passwd; echo $$$$`,
    ]
    const text = await output('paths', volumes, { command, volumeMounts })
    expect(text).toBe('hello\n1234\npaths\n1234\n/etc/passwd\n1\n')
    for (const path of Object.values(at)) expect(existsSync(path)).toBe(false)
  })

  it('are shared by the containers of a pod, seen by hooks, and gone with the pod', async () => {
    const volumeMounts = [{ name: 'empty', mountPath: '/podtank-shared' }]
    const writer = { name: 'w', image: 'b', volumeMounts }
    node.run('shared', {
      volumes: [emptyDir],
      initContainers: [{ ...writer, command: ['sh', '-c', 'echo one > /podtank-shared/file'] }],
      containers: [
        {
          ...writer,
          name: 'c',
          command: [
            'sh',
            '-c',
            'cat /podtank-shared/file; trap "exit 0" TERM; while :; do sleep 0.05; done',
          ],
          readinessProbe: { exec: { command: ['test', '-e', '/podtank-shared/file'] } },
          lifecycle: { preStop: { exec: { command: ['test', '-e', '/podtank-shared/file'] } } },
        },
      ],
    })
    await acts.ready('shared')
    expect(await acts.log('shared', 'c')).toBe('one\n')
    acts.remove('shared')
    await acts.gone('shared')
    expect(node.events('shared')).not.toContain('Warning FailedPreStopHook')
  })

  it('may be inside one another, hide /tmp, be one file, and hold the program and the working directory', async () => {
    const volumes: Volume[] = [emptyDir, { name: 'config', configMap: { name: 'words' } }]
    const volumeMounts = [
      { name: 'empty', mountPath: '/tmp' },
      { name: 'config', mountPath: '/tmp/inner' },
      { name: 'config', mountPath: '/etc/hostname', subPath: 'greeting' },
    ]
    const command = ['sh', '-c', 'pwd; ls; sh ./run; cat /etc/hostname; ls /tmp']
    const text = await output('nested', volumes, {
      command,
      volumeMounts,
      workingDir: '/tmp/inner',
    })
    expect(text).toBe('/tmp/inner\ngreeting\nrun\nran\nhelloinner\n')
  })
})

describe.concurrent('a volume that cannot be filled', { timeout: 30_000 }, () => {
  it('holds the pod back with FailedMount until what it refers to is there', async () => {
    const volumes: Volume[] = [{ name: 'late', configMap: { name: 'late' } }]
    node.run('late', {
      volumes,
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'b', command: ['true'] }],
    })
    await until('FailedMount', () => node.events('late').includes('Warning FailedMount'))
    expect(acts.status('late')?.state?.waiting?.reason).toBe('ContainerCreating')
    const metadata = { name: 'late', uid: '', resourceVersion: '', creationTimestamp: '' }
    node.store.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata })
    await until('Succeeded', () => node.pod('late')?.status.phase === 'Succeeded')
  })
})
