import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AccessReport } from '../../../../src/lab/api/access/access-report.ts'
import { startTestCluster, type TestCluster } from '../start-test-cluster.ts'

const ADMIN = 'the-administrator'
const CORE = '/api/v1/namespaces/default'
const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const ROLES = `${RBAC}/namespaces/default/roles`
const BINDINGS = `${RBAC}/namespaces/default/rolebindings`

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster(1, 1, { adminToken: ADMIN })
})

afterEach(async () => {
  await cluster.close()
})

interface Asked {
  readonly token?: string
  readonly as?: string
  readonly groups?: string
  readonly body?: object
}

async function ask(method: string, path: string, { token = ADMIN, as, groups, body }: Asked = {}) {
  const response = await fetch(cluster.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(as === undefined ? {} : { 'impersonate-user': as }),
      ...(groups === undefined ? {} : { 'impersonate-group': groups }),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { code: response.status, body: (await response.json()) as Record<string, unknown> }
}

const codeOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).code

async function must(method: string, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await ask(method, path, { body })
  if (answer.code !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

type Rule = Record<string, readonly string[]>

/** A Role of these rules, bound to a user. */
async function allow(user: string, ...rules: Rule[]): Promise<void> {
  await must('POST', ROLES, { metadata: { name: user }, rules })
  await must('POST', BINDINGS, {
    metadata: { name: user },
    roleRef: { kind: 'Role', name: user },
    subjects: [{ kind: 'User', name: user }],
  })
}

async function tokenOf(account: string): Promise<string> {
  const { status } = await must('POST', `${CORE}/serviceaccounts/${account}/token`, { spec: {} })
  return (status as { token: string }).token
}

describe('who sends a request', () => {
  test('without a token is anonymous, with a wrong one nobody', async () => {
    expect((await ask('GET', `${CORE}/pods`, { token: '' })).body['message']).toContain(
      'User "system:anonymous" cannot list resource "pods"',
    )
    expect(await ask('GET', `${CORE}/pods`, { token: 'wrong' })).toMatchObject({
      code: 401,
      body: { reason: 'Unauthorized', message: 'Unauthorized' },
    })
    expect(await codeOf('GET', '/readyz?verbose', { token: 'wrong' })).toBe(401)
  })

  test('is a service account for as long as it is there', async () => {
    await must('POST', `${CORE}/serviceaccounts`, { metadata: { name: 'ci' } })
    await must('POST', BINDINGS, {
      metadata: { name: 'ci' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'ci', namespace: 'default' }],
    })
    const token = await tokenOf('ci')
    expect(await codeOf('GET', `${CORE}/pods`, { token })).toBe(200)
    expect(await codeOf('GET', `${CORE}/secrets`, { token })).toBe(403)
    expect(await codeOf('GET', '/api/v1/namespaces/kube-system/pods', { token })).toBe(403)
    const [head, body] = token.split('.')
    expect(await codeOf('GET', `${CORE}/pods`, { token: `${head}.${body}.AAAA` })).toBe(401)
    await ask('DELETE', `${CORE}/serviceaccounts/ci`)
    expect(await codeOf('GET', `${CORE}/pods`, { token })).toBe(401)
  })

  test('may be another only with the right to impersonate, for each name and group', async () => {
    await must('POST', `${RBAC}/clusterroles`, {
      metadata: { name: 'support' },
      rules: [
        { verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['ann'] },
      ],
    })
    await must('POST', `${RBAC}/clusterrolebindings`, {
      metadata: { name: 'support' },
      roleRef: { kind: 'ClusterRole', name: 'support' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
    })
    await allow('ann', { verbs: ['list'], apiGroups: [''], resources: ['pods'] })
    const token = await tokenOf('default')
    expect(await codeOf('GET', `${CORE}/pods`, { token })).toBe(403)
    expect(await codeOf('GET', `${CORE}/pods`, { token, as: 'ann' })).toBe(200)
    expect((await ask('GET', `${CORE}/pods`, { token, as: 'bob' })).body['message']).toBe(
      'users "bob" is forbidden: User "system:serviceaccount:default:default" cannot impersonate resource "users" ' +
        'in API group "" at the cluster scope',
    )
    expect(await codeOf('GET', `${CORE}/pods`, { token, as: 'ann', groups: 'admins' })).toBe(403)
    expect(await codeOf('GET', `${CORE}/pods`, { groups: 'admins' })).toBe(400)
  })
})

describe('a rule allows', () => {
  test('a subresource only by its own name, by */name or by *', async () => {
    const apps = { apiGroups: ['apps'], verbs: ['get'] }
    await allow('plain', { ...apps, resources: ['deployments'] })
    await allow('any', { ...apps, resources: ['*/scale'] })
    await allow('all', { apiGroups: ['*'], verbs: ['*'], resources: ['*'] })
    const path = '/apis/apps/v1/namespaces/default/deployments/none'
    const codes = async (as: string) => [
      await codeOf('GET', path, { as }),
      await codeOf('GET', `${path}/scale`, { as }),
    ]
    expect(await codes('plain')).toEqual([404, 403])
    expect(await codes('any')).toEqual([403, 404])
    expect(await codes('all')).toEqual([404, 404])
  })

  test('named objects: their get, and a list or watch of one by its name, but no create', async () => {
    const verbs = ['get', 'list', 'watch', 'create', 'delete']
    await allow('ann', {
      verbs,
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['one'],
    })
    const maps = `${CORE}/configmaps`
    const one = '?fieldSelector=metadata.name%3Done'
    expect([
      await codeOf('GET', `${maps}/one`, { as: 'ann' }),
      await codeOf('GET', `${maps}/two`, { as: 'ann' }),
      await codeOf('GET', maps, { as: 'ann' }),
      await codeOf('GET', maps + one, { as: 'ann' }),
      await codeOf('POST', maps, { as: 'ann', body: { metadata: { name: 'one' } } }),
      await codeOf('DELETE', `${maps}/one`, { as: 'ann' }),
    ]).toEqual([404, 403, 403, 200, 403, 404])
  })

  test('nothing when the role that is bound is not there, and the refusal says so', async () => {
    await must('POST', BINDINGS, {
      metadata: { name: 'lost' },
      roleRef: { kind: 'Role', name: 'lost' },
      subjects: [{ kind: 'Group', name: 'system:authenticated' }],
    })
    expect((await ask('GET', `${CORE}/pods`, { as: 'ann' })).body['message']).toBe(
      'pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "default": ' +
        'RBAC: role.rbac.authorization.k8s.io "lost" not found',
    )
  })
})

describe('roles are granted', () => {
  const own = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }
  const roles = {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'rolebindings'],
    verbs: ['create'],
  }
  const role = (name: string, ...rules: Rule[]) => ({
    as: 'ann',
    body: { metadata: { name }, rules },
  })

  test('by those who hold what is in them', async () => {
    await allow('ann', own, roles)
    expect(await codeOf('POST', ROLES, role('same', own))).toBe(201)
    const more = await ask('POST', ROLES, role('more', { ...own, verbs: ['get', 'delete'] }))
    expect(more.code).toBe(403)
    expect(more.body['message']).toBe(
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "ann" (groups=["system:authenticated"]) is attempting ' +
        'to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}',
    )
    const subjects = [{ kind: 'User', name: 'bob' }]
    const bind = (name: string) => ({
      as: 'ann',
      body: { metadata: { name }, roleRef: { kind: 'ClusterRole', name }, subjects },
    })
    expect(await codeOf('POST', BINDINGS, bind('cluster-admin'))).toBe(403)
  })

  test('and with escalate or bind by others too', async () => {
    await allow('ann', roles, { ...roles, verbs: ['escalate', 'bind'] })
    expect(await codeOf('POST', ROLES, role('more', own))).toBe(201)
    const body = {
      metadata: { name: 'more' },
      roleRef: { kind: 'Role', name: 'more' },
      subjects: [],
    }
    expect(await codeOf('POST', BINDINGS, { as: 'ann', body })).toBe(201)
  })
})

test.each([
  [
    'a rule without verbs',
    { rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] },
    'rules[0].verbs',
  ],
  [
    'one without groups',
    { rules: [{ resources: ['pods'], verbs: ['get'] }] },
    'rules[0].apiGroups',
  ],
  [
    'a URL in a namespace',
    { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] },
    'rules[0].nonResourceURLs',
  ],
])('a role with %s is invalid', async (_what, rest, field) => {
  const answer = await ask('POST', ROLES, { body: { metadata: { name: 'x' }, ...rest } })
  expect(answer).toMatchObject({ code: 422, body: { details: { causes: [{ field }] } } })
})

test('a binding keeps its role', async () => {
  await allow('ann')
  const changed = { metadata: { name: 'ann' }, roleRef: { kind: 'ClusterRole', name: 'view' } }
  const answer = await ask('PUT', `${BINDINGS}/ann`, { body: changed })
  expect(answer).toMatchObject({ code: 422, body: { details: { causes: [{ field: 'roleRef' }] } } })
  expect(answer.body['message']).toContain('cannot change roleRef')
})

test('reviews say of others what they may do', async () => {
  await allow('ann', { verbs: ['get'], apiGroups: [''], resources: ['pods'] })
  const resourceAttributes = { verb: 'get', resource: 'pods', namespace: 'default' }
  const review = async (path: string, spec: object) =>
    (await must('POST', `/apis/authorization.k8s.io/v1/${path}`, { spec }))['status']
  expect(await review('subjectaccessreviews', { user: 'ann', resourceAttributes })).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "ann/default" of Role "ann" to User "ann"',
  })
  const local = 'namespaces/default/localsubjectaccessreviews'
  expect(await review(local, { user: 'bob', resourceAttributes })).toEqual({ allowed: false })
  const nonResourceAttributes = { verb: 'get', path: '/healthz' }
  expect(
    await review('subjectaccessreviews', {
      groups: ['system:unauthenticated'],
      nonResourceAttributes,
    }),
  ).toMatchObject({ allowed: true })
})

test('a Role is proven the smallest: what was denied, and what was granted and not used', async () => {
  await allow('ann', { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'services'] })
  await ask('GET', `${CORE}/pods`, { as: 'ann' })
  await ask('GET', `${CORE}/services/x`, { as: 'ann' })
  await ask('GET', `${CORE}/secrets`, { as: 'ann' })
  const report = async () =>
    (await ask('GET', '/podtank.lab/access')).body as unknown as AccessReport
  const first = await report()
  expect(first.uses.filter(({ allowed }) => !allowed)).toMatchObject([
    { user: 'ann', verb: 'list', resource: 'secrets', namespace: 'default', count: 1 },
  ])
  const binding = 'RoleBinding default/ann'
  expect(first.unused).toEqual([
    { binding, verb: 'get', group: '', resource: 'pods' },
    { binding, verb: 'list', group: '', resource: 'services' },
  ])
  await ask('GET', `${CORE}/pods/x`, { as: 'ann' })
  await ask('GET', `${CORE}/services`, { as: 'ann' })
  expect((await report()).unused).toEqual([])
  expect(await codeOf('GET', '/podtank.lab/access', { as: 'ann' })).toBe(403)
})
