import { describe, expect, it } from 'vitest'
import { readDockerfile } from '../../src/try/read-dockerfile.ts'

function read(text: string) {
  const result = readDockerfile(text, 'Dockerfile')
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

function mistakes(text: string): string[] {
  const result = readDockerfile(text, 'Dockerfile')
  return result.ok ? [] : result.error.map(({ message, place }) => `${place?.line}: ${message}`)
}

describe('a Dockerfile', () => {
  it('gives command, environment, directory, signal and port', () => {
    const text = `# syntax=docker/dockerfile:1
ARG VERSION=22
FROM --platform=linux/amd64 node:\${VERSION} AS app
ARG MODE=production
ENV NODE_ENV=$MODE \\
    # a comment within
    GREETING="hello there" OLD=\${NOTHING:-x}
ENV PATH_OLD /usr/local/app
WORKDIR /srv
WORKDIR app
RUN npm ci && \\
    npm run build
EXPOSE 3000/tcp 9000
STOPSIGNAL SIGQUIT
CMD ["node", "server.js"]
`
    expect(read(text)).toEqual({
      command: ['node', 'server.js'],
      workingDirectory: '/srv/app',
      env: {
        NODE_ENV: 'production',
        GREETING: 'hello there',
        OLD: 'x',
        PATH_OLD: '/usr/local/app',
      },
      stopSignal: 'SIGQUIT',
      port: 3000,
    })
  })

  it.each([
    { text: 'CMD node server.js', command: ['/bin/sh', '-c', 'node server.js'] },
    { text: 'CMD exec node $X', command: ['/bin/sh', '-c', 'exec node $X'] },
    { text: 'ENTRYPOINT ["tini", "--"]\nCMD ["node", "s"]', command: ['tini', '--', 'node', 's'] },
    {
      text: 'ENTRYPOINT ["tini"]\nCMD node s',
      command: ['tini', '/bin/sh', '-c', 'node s'],
    },
    { text: 'ENTRYPOINT node s\nCMD ["x"]', command: ['/bin/sh', '-c', 'node s'] },
    { text: 'CMD ["old"]\nENTRYPOINT ["new"]', command: ['new'] },
    { text: 'SHELL ["/bin/bash", "-c"]\nCMD node s', command: ['/bin/bash', '-c', 'node s'] },
    { text: 'RUN <<EOF\nCMD ["no"]\nEOF\nCMD ["yes"]', command: ['yes'] },
  ])('joins ENTRYPOINT and CMD as docker does: $text', ({ text, command }) => {
    expect(read(`FROM x\n${text}\n`).command).toEqual(command)
  })

  it('takes the last stage, with what it inherits from a stage of its own', () => {
    const text =
      'FROM a AS base\nENV A=1\nCMD ["base"]\nFROM other\nCMD ["no"]\nFROM base\nENV B=2\n'
    expect(read(text)).toMatchObject({ command: ['base'], env: { A: '1', B: '2' } })
    expect(read('FROM a\nCMD ["one"]\nFROM b\nCMD ["two"]\n').command).toEqual(['two'])
  })

  it('names the lines of its mistakes, all of them', () => {
    const text = `FROM x\nENTRYPIONT ["a"]\nEXPOSE http\nCMD ['node', 's']\nSTOPSIGNAL SIGRTMIN+3\nENV A`
    expect(mistakes(text)).toEqual([
      '2: ENTRYPIONT is not an instruction',
      '3: EXPOSE http is no port',
      "4: CMD ['node', 's']: not a JSON list of strings; it needs double quotes",
      '5: STOPSIGNAL SIGRTMIN+3 is no signal that can be sent here',
      '6: ENV A: must be NAME=value',
    ])
  })

  it('says what is missing', () => {
    expect(mistakes('CMD ["a"]\n')).toEqual(['1: CMD before the first FROM', '2: there is no FROM'])
    expect(mistakes('FROM node:22\n')).toEqual([
      '2: there is neither CMD nor ENTRYPOINT; the base image’s own is not known here',
    ])
  })
})

it.each([
  ['SIGQUIT', 'SIGQUIT'],
  ['quit', 'SIGQUIT'],
  ['3', 'SIGQUIT'],
])('STOPSIGNAL %s is %s, as runtimes read it', (text, stopSignal) => {
  const read = readDockerfile(`FROM x\nSTOPSIGNAL ${text}\nCMD ["a"]\n`, 'Dockerfile')
  expect(read).toMatchObject({ ok: true, value: { stopSignal } })
})
