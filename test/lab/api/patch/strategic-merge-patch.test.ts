import { expect, test } from 'vitest'
import { strategicMergePatch } from '../../../../src/lab/api/patch/strategic-merge-patch.ts'

const containers = [
  { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }], args: ['x', 'y'] },
  { name: 'proxy', image: 'proxy:1' },
]

test.each([
  [
    'merges containers and env by name, and replaces args whole',
    { containers },
    { containers: [{ name: 'web', env: [{ name: 'B', value: '2' }], args: ['z'] }] },
    {
      containers: [
        {
          name: 'web',
          image: 'web:1',
          env: [
            { name: 'B', value: '2' },
            { name: 'A', value: '1' },
          ],
          args: ['z'],
        },
        { name: 'proxy', image: 'proxy:1' },
      ],
    },
  ],
  [
    'deletes an item that $patch names',
    { containers },
    { containers: [{ name: 'proxy', $patch: 'delete' }] },
    { containers: [containers[0]] },
  ],
  [
    'replaces a list that begins with $patch: replace',
    { containers },
    { containers: [{ $patch: 'replace' }, { name: 'new' }] },
    { containers: [{ name: 'new' }] },
  ],
  [
    'keeps only the retained keys',
    { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    { strategy: { type: 'Recreate', $retainKeys: ['type'] } },
    { strategy: { type: 'Recreate' } },
  ],
  [
    'orders items as $setElementOrder says',
    { containers },
    {
      containers: [{ name: 'first', image: 'f' }],
      '$setElementOrder/containers': [{ name: 'first' }, { name: 'proxy' }, { name: 'web' }],
    },
    { containers: [{ name: 'first', image: 'f' }, containers[1], containers[0]] },
  ],
  [
    'deletes from lists of plain values, and adds to sets',
    { finalizers: ['a', 'b'] },
    { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c', 'b'] },
    { finalizers: ['c', 'b'] },
  ],
  [
    "merges a service's ports by port and a container's by containerPort",
    { ports: [{ port: 80, name: 'http' }], inner: { ports: [{ containerPort: 1, name: 'a' }] } },
    { ports: [{ port: 443 }], inner: { ports: [{ containerPort: 1, name: 'b' }] } },
    {
      ports: [{ port: 443 }, { port: 80, name: 'http' }],
      inner: { ports: [{ containerPort: 1, name: 'b' }] },
    },
  ],
  ['deletes what is null', { a: 1, b: { c: 2 } }, { a: null, b: { c: null } }, { b: {} }],
  [
    'replaces tolerations and rules whole',
    { tolerations: [{ key: 'a' }], rules: [{ host: 'a' }] },
    { tolerations: [{ key: 'b' }], rules: [{ host: 'b' }] },
    { tolerations: [{ key: 'b' }], rules: [{ host: 'b' }] },
  ],
])('%s', (_title, target, patch, expected) => {
  const before = structuredClone(target)
  expect(strategicMergePatch(target, patch)).toEqual(expected)
  expect(target).toEqual(before)
})
