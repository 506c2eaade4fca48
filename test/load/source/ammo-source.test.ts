import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ammoSource, shown, takeAll } from './take-all.ts'

const texts = async (content: string | Uint8Array, ammo: Parameters<typeof ammoSource>[1]) =>
  (await takeAll(ammoSource(content, ammo))).map(shown)

const wireOf = async (content: string | Uint8Array, ammo: Parameters<typeof ammoSource>[1]) =>
  (await takeAll(ammoSource(content, ammo))).map((request) =>
    request.wire(false).toString('latin1'),
  )

describe('ammo in the format uri', () => {
  it('is a path and a tag a line, with headers that hold for what follows', async () => {
    const source = ammoSource(
      '/first\n[Host: a.test]\r\n[X-Key: 1]\n/second?x=1 pay\n\n[x-key: 2]\n/third',
      { format: 'uri' },
    )
    const requests = await takeAll(source)
    expect(requests.map(shown)).toEqual(['GET /first', 'GET /second?x=1 pay', 'GET /third'])
    expect(requests.map(({ headers }) => headers.map((line) => line.join(': ')))).toEqual([
      ['Host: shop.test', 'User-Agent: podtank', 'Accept: */*'],
      ['User-Agent: podtank', 'Accept: */*', 'Host: a.test', 'X-Key: 1'],
      ['User-Agent: podtank', 'Accept: */*', 'Host: a.test', 'x-key: 2'],
    ])
    expect(source.skipped).toBe(0)
  })

  it('begins each loop without headers, and makes a line that comes again only once', async () => {
    const requests = await takeAll(ammoSource('/a\n[A: 1]\n/b\n/b\n', { loops: 2 }))
    expect(requests.map(shown)).toEqual(Array(2).fill(['GET /a', 'GET /b', 'GET /b']).flat())
    expect(requests[3]?.headers).toEqual(requests[0]?.headers)
    expect(requests[2]).toBe(requests[1])
  })

  it('leaves out and counts what is no path', async () => {
    const source = ammoSource('/a\nhttp://x/\n[no header]\n/b\0c\n/d\u00e9 t\n', {})
    expect((await takeAll(source)).map(shown)).toEqual(['GET /a', 'GET /d\u00c3\u00a9 t'])
    expect(source.skipped).toBe(3)
  })

  it('keeps the number of tags bounded', async () => {
    const lines = Array.from({ length: 1_500 }, (_, at) => `/ tag${at}`).join('\n')
    const tags = new Set((await takeAll(ammoSource(lines, {}))).map(({ tag }) => tag))
    expect(tags.size).toBe(1_001)
    expect(tags.has('other')).toBe(true)
  })
})

describe('ammo in the format uripost', () => {
  it('has bodies of a size, byte for byte', async () => {
    expect(
      await wireOf('[Content-Type: a/b]\n5 /pay buy\nab\r\n\0\n\n0 /empty\n3 /last\nxyz', {
        format: 'uripost',
      }),
    ).toEqual([
      'POST /pay HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: podtank\r\nAccept: */*\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nab\r\n\0',
      'POST /empty HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: podtank\r\nAccept: */*\r\nContent-Type: a/b\r\nContent-Length: 0\r\n\r\n',
      'POST /last HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: podtank\r\nAccept: */*\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\nxyz',
    ])
  })

  it('leaves out a body that the file does not have', async () => {
    const source = ammoSource('1 /a\nx\n100 /b\nshort', { format: 'uripost' })
    expect((await takeAll(source)).map(shown)).toEqual(['POST /a'])
    expect(source.skipped).toBe(1)
  })
})

describe('ammo in the format phantom', () => {
  const first = 'GET /a HTTP/1.0\r\nConnection: close\r\nhost:x\r\n\r\n'
  const second = 'POST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\n\xff\0\n'
  const file = Buffer.from(
    `${first.length} one\n${first}\n${second.length}\n${second}\n0\nthis is never read`,
    'latin1',
  )

  it('goes on the wire as it is', async () => {
    const requests = await takeAll(ammoSource(file, { format: 'phantom' }))
    expect(requests.map((request) => request.wire(true).toString('latin1'))).toEqual([
      first,
      second,
    ])
    expect(requests.map(shown)).toEqual(['GET /a one', 'POST /b'])
    expect(requests[0]?.headers).toEqual([['host', 'x']])
    expect(requests[1]?.body).toEqual(Buffer.from('\xff\0\n', 'latin1'))
  })

  it('leaves out what is no request', async () => {
    const source = ammoSource(`5\nhello\nword\n99999999999\n`, { format: 'phantom' })
    expect(await takeAll(source)).toEqual([])
    expect(source.skipped).toBe(3)
    expect(source.problem).toBe('the file has no usable request')
  })
})

describe('ammo from an access log', () => {
  it('is its GET lines, the others counted', async () => {
    const source = ammoSource(
      [
        '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a?b=1 HTTP/1.1" 200 12 "-" "curl/8"',
        '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "POST /pay HTTP/1.1" 200 12 "-" "curl/8"',
        '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "\\x16\\x03" 400 0 "-" "-"',
        'garbage',
        '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /z HTTP/2.0" 200 12',
      ].join('\n'),
      { format: 'access' },
    )
    expect((await takeAll(source)).map(shown)).toEqual(['GET /a?b=1', 'GET /z'])
    expect(source.skipped).toBe(3)
  })
})

describe('ammo in JSON lines', () => {
  it('has vegeta’s keys, and a tag', async () => {
    const lines = [
      {
        method: 'post',
        url: 'http://other.test:81/pay?a=1',
        header: { 'X-A': ['1', '2'], Cookie: ['a=1', 'b=2'] },
        body: Buffer.from([0, 255, 10]).toString('base64'),
        tag: 'pay',
      },
      { method: 'GET', url: '/plain' },
    ]
    expect(
      await wireOf(lines.map((line) => JSON.stringify(line)).join('\n'), { format: 'jsonlines' }),
    ).toEqual([
      'POST /pay?a=1 HTTP/1.1\r\nUser-Agent: podtank\r\nAccept: */*\r\nHost: other.test:81\r\nX-A: 1, 2\r\nCookie: a=1; b=2\r\nContent-Length: 3\r\n\r\n\0\xff\n',
      'GET /plain HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: podtank\r\nAccept: */*\r\n\r\n',
    ])
  })

  it.each([
    '{"url":"ftp://x/"}',
    '{"method":"G T","url":"/"}',
    '{"url":"/","header":{"a":["b\\r\\nc"]}}',
    '{"url":"/","header":{"a b":["c"]}}',
    '{"url":"/","header":3}',
    '{"url":"/","body":{}}',
    '[]',
    '{"url"',
  ])('leaves out %s', async (line) => {
    const source = ammoSource(`${line}\n{"url":"/ok"}\n`, { format: 'jsonlines' })
    expect((await takeAll(source)).map(shown)).toEqual(['GET /ok'])
    expect(source.skipped).toBe(1)
  })
})

describe('an ammo file', () => {
  it('is unzipped when its first bytes say so', async () => {
    expect(await texts(gzipSync('/a\n/b t\n'), {})).toEqual(['GET /a', 'GET /b t'])
  })

  it('ends where a gzip file is cut, and says so', async () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => `/${at}`).join('\n')
    const packed = gzipSync(lines)
    const source = ammoSource(packed.subarray(0, packed.length / 2), {})
    expect((await takeAll(source, 60_000)).length).toBeLessThan(50_000)
    expect(source.problem).toBe('the file ends before its end: Z_BUF_ERROR')
  })

  it('that is not there has no requests, and a problem', async () => {
    const source = ammoSource('', { path: '/nowhere/ammo' })
    expect(await takeAll(source)).toEqual([])
    expect(source.problem).toBe('the file ends before its end: ENOENT')
  })

  it('without a request ends, however often it is to be read', async () => {
    const source = ammoSource('\n\n[A: b]\n', { loops: 1_000_000 })
    expect(await takeAll(source)).toEqual([])
    expect(source.problem).toBe('the file has no usable request')
  })

  it('without a usable request ends too, and is not read for ever', async () => {
    expect(await takeAll(ammoSource('nothing\nhere\n', { loops: 1_000_000 }))).toEqual([])
  })

  it('has a line that is longer than an entry may be left out, in bounded memory', async () => {
    const long = Buffer.alloc(40 * 1_048_576, 'x')
    const source = ammoSource(Buffer.concat([Buffer.from('/a\n'), long, Buffer.from('\n/b\n')]), {})
    expect((await takeAll(source)).map(shown)).toEqual(['GET /a', 'GET /b'])
    expect(source.skipped).toBe(1)
  })

  it('may have bodies larger than what is read ahead', async () => {
    const body = Buffer.alloc(5 * 1_048_576, 'b')
    const file = Buffer.concat([
      Buffer.from(`${body.length} /big\n`),
      body,
      Buffer.from('\n1 /small\nx\n'),
    ])
    const requests = await takeAll(ammoSource(file, { format: 'uripost', loops: 2 }))
    expect(requests.map(({ body: { length } }) => length)).toEqual([body.length, 1, body.length, 1])
  })

  it.each([
    [{ loops: 3 }, 9],
    [{ loops: 3, limit: 5 }, 5],
    [{ limit: 4 }, 4],
  ])('is read as often as told: %j', async (bounds, count) => {
    const { loops, ...rest } = { loops: undefined, ...bounds }
    const source = ammoSource('/a\n/b\n/c\n', { ...rest, loops: loops ?? Infinity })
    expect(await takeAll(source)).toHaveLength(count)
  })

  it('gives threads together each entry of each loop exactly once', async () => {
    const line = fc.constantFrom('/a', '/b t', '', '  ', 'broken', '[X: 1]', '[broken', '/c')
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('uri' as const, 'access' as const, 'jsonlines' as const),
        async (lines, count, loops, format) => {
          const content = lines
            .map((text) =>
              text.startsWith('/')
                ? {
                    uri: text,
                    access: `"GET ${text.slice(0, 2)} HTTP/1.1"`,
                    jsonlines: `{"url":"${text.slice(0, 2)}"}`,
                  }[format]
                : text,
            )
            .join('\n')
          const sources = Array.from({ length: count }, (_, index) =>
            ammoSource(content, { loops, format }, { index, count }),
          )
          const shares = await Promise.all(sources.map((source) => takeAll(source)))
          const usable = lines
            .filter((text) => text.startsWith('/'))
            .map((text) => text.slice(0, 2))
          expect(
            shares
              .flat()
              .map(({ path }) => path)
              .sort(),
          ).toEqual(Array(loops).fill(usable).flat().sort())
          const blank = format === 'uri' ? ['', '  ', '[X: 1]'] : ['', '  ']
          const skipped = lines.filter(
            (text) => !text.startsWith('/') && !blank.includes(text),
          ).length
          // A share that finds nothing ends before its time.
          if (shares.every((requests) => requests.length > 0)) {
            expect(sources.reduce((sum, source) => sum + source.skipped, 0)).toBe(skipped * loops)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('larger than what is read ahead is read again from the disk, whole', async () => {
    const lines = Array.from({ length: 120_000 }, (_, at) => `/a-rather-long-path/${at}`)
    const source = ammoSource(lines.join('\n'), { loops: 2 })
    const paths = (await takeAll(source, 300_000)).map(({ path }) => path)
    expect(paths).toHaveLength(240_000)
    expect(paths[119_999]).toBe('/a-rather-long-path/119999')
    expect(paths[120_000]).toBe('/a-rather-long-path/0')
    expect(new Set(paths).size).toBe(120_000)
  })

  it('of 200 MB needs no more memory than a small one', async () => {
    const block = gzipSync(Buffer.from(`/x${'y'.repeat(97)}\n`.repeat(200_000)))
    const source = ammoSource(Buffer.concat(Array<Buffer>(10).fill(block)), {})
    const before = process.memoryUsage().rss
    let most = 0
    let count = 0
    for (;;) {
      const next = source.next(count)
      if (next === 'ended') break
      if (next === 'not-yet') {
        most = Math.max(most, process.memoryUsage().rss)
        await new Promise(setImmediate)
      } else count++
    }
    expect(count).toBe(2_000_000)
    expect(most - before).toBeLessThan(100 * 1_048_576)
  })
})
