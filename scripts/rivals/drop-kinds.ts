import {
  answerText,
  type Behaviour,
  blackHole,
  writeThen,
} from '../../test/support/hostile-server.ts'

/** A way in which the server spoils every {@link DROP_EVERY}th request that it may. */
export interface DropKind {
  readonly name: string
  readonly act: Behaviour
  /** `reused`: only requests that are not the first on their connection; `new`: the tool opens one for each. */
  readonly on: 'new' | 'reused'
  /** False: the answer is good, and an honest tool counts no failure. */
  readonly isDrop: boolean
}

export const DROP_EVERY = 25

/** For ab, which speaks HTTP/1.0. */
const KEEP_ALIVE = ['Connection: keep-alive']

const HALF_HEAD = 'HTTP/1.1 200 OK\r\nContent-Le'
const HALF_BODY = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf!'
const HALF_CHUNKS = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n'

const drop = (name: string, act: Behaviour, on: DropKind['on'] = 'reused'): DropKind => ({
  name: `${name}, ${on}`,
  act,
  on,
  isDrop: true,
})

export const dropKinds: readonly DropKind[] = [
  drop('FIN before the first byte', writeThen('', 'fin')),
  drop('FIN before the first byte', writeThen('', 'fin'), 'new'),
  drop('RST before the first byte', writeThen('', 'rst')),
  drop('RST before the first byte', writeThen('', 'rst'), 'new'),
  drop('FIN in the head', writeThen(HALF_HEAD, 'fin')),
  drop('RST in the head', writeThen(HALF_HEAD, 'rst')),
  drop('FIN in a length body', writeThen(HALF_BODY, 'fin')),
  drop('RST in a length body', writeThen(HALF_BODY, 'rst')),
  drop('FIN before the last chunk', writeThen(HALF_CHUNKS, 'fin')),
  drop('garbage', writeThen('SSH-2.0-OpenSSH_9.9\r\n', 'fin')),
  drop('no answer at all', blackHole),
  drop('status 503', writeThen(answerText('no', 503, KEEP_ALIVE))),
  {
    name: 'a second answer nobody asked for, reused',
    act: writeThen(answerText('ok', 200, KEEP_ALIVE) + answerText('not yours', 418, KEEP_ALIVE)),
    on: 'reused',
    isDrop: false,
  },
]
