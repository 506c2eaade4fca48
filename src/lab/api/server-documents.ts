import type { Answer } from './answer.ts'

const plain = (text: string): Answer => ({ code: 200, text, contentType: 'text/plain' })

/**
 * An empty body is a valid OpenAPI document in protobuf. kubectl then checks nothing itself; the media type must be
 * spelled exactly so (k8s-mechanics 7.2).
 */
const emptyOpenApi: Answer = {
  code: 200,
  text: '',
  contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
}

const version: Answer = {
  code: 200,
  body: {
    major: '1',
    minor: '34',
    gitVersion: 'v1.34.0-podtank',
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${process.arch}`,
  },
}

const documents = new Map<string, Answer>([
  ['/version', version],
  ['/openapi/v2', emptyOpenApi],
  ['/healthz', plain('ok')],
  ['/livez', plain('ok')],
  ['/readyz', plain('ok')],
])

/** What the server says about itself. */
export const serverDocument = (path: string): Answer | undefined =>
  documents.get(path.replace(/\/+$/, ''))
