import { expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import type { Container, Pod } from '../../../src/lab/api/kinds/pod.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import type { KubeObject } from '../../../src/lab/api/store.ts'
import { resolveImage } from '../../../src/lab/apps/images.ts'
import { containerEnv, expand } from '../../../src/lab/kubelet/container-env.ts'

const metadata = (name: string) => ({
  name,
  namespace: 'shop',
  uid: 'u',
  resourceVersion: '',
  creationTimestamp: '',
})

function envOf(container: Container): Record<string, string> {
  const store = createStore({ random: random(1) })
  const data = { greeting: 'hello' }
  const configMap: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('words') }
  store.create('configmaps', Object.assign(configMap, { data }))
  const spec = { nodeName: 'n1', containers: [container] }
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: metadata('web-1'), spec, status: {} }
  const image = resolveImage(container.image ?? '')
  return containerEnv({ pod, container, podIp: '127.77.0.9', image, store })
}

it('has the address, name and port of the pod, and the files of its image', () => {
  const env = envOf({ name: 'c', image: 'podtank.lab/slow:1', ports: [{ containerPort: 9000 }] })
  expect(env).toMatchObject({
    POD_IP: '127.77.0.9',
    HOSTNAME: 'web-1',
    PORT: '9000',
    NODE: process.execPath,
    DELAY_MS: '60000',
  })
  expect(env['APP']).toMatch(/apps\/slow\.(ts|js)$/)
})

it('takes values from fields of the pod, from ConfigMaps and from variables before', () => {
  const env = [
    { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'SPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'WORD', valueFrom: { configMapKeyRef: { name: 'words', key: 'greeting' } } },
    { name: 'NONE', valueFrom: { configMapKeyRef: { name: 'words', key: 'other' } } },
    { name: 'BOTH', value: '$(WORD), $(NAME) $(WHO) $$(WORD)' },
  ]
  expect(envOf({ name: 'c', env })).toMatchObject({
    NAME: 'web-1',
    SPACE: 'shop',
    IP: '127.77.0.9',
    NODE_NAME: 'n1',
    WORD: 'hello',
    BOTH: 'hello, web-1 $(WHO) $(WORD)',
  })
  expect(envOf({ name: 'c', env })).not.toHaveProperty('NONE')
})

it('leaves unknown variables as they are written', () => {
  expect(expand('a $(B) $C', {})).toBe('a $(B) $C')
})
