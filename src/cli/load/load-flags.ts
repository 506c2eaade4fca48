import { type Command, Option } from 'commander'
import { AMMO_FORMATS, type AmmoFormat } from '../../scenario/scenario.ts'

/** What was typed after `podtank load URL`, as text; {@link scenarioOf} reads it. */
export interface LoadFlags {
  readonly schedule?: string
  readonly users?: string
  readonly duration?: string
  readonly method?: string
  readonly header: readonly string[]
  readonly data?: string
  readonly ammo?: string
  readonly ammoFormat?: AmmoFormat
  readonly connections?: 'new' | 'reuse' | 'both'
  readonly maxConnections?: string
  readonly maxRequestsPerConnection?: string
  readonly maxConnectionAge?: string
  readonly timeout?: string
  readonly threads?: string
  readonly pace?: 'timer' | 'spin'
  readonly engine?: 'raw' | 'undici'
  readonly http?: '1.1' | '2'
  readonly insecure?: boolean
  readonly cacert?: string
  readonly cert?: string
  readonly key?: string
  readonly serverName?: string
  readonly expect: readonly string[]
  readonly stop: readonly string[]
  readonly file?: string
  readonly name?: string
  readonly out?: string
  readonly output: 'text' | 'json'
  readonly live: boolean
  readonly probe: boolean
  readonly requests?: 'phout' | 'ndjson'
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text]

const choice = (flags: string, description: string, choices: readonly string[]): Option =>
  new Option(flags, description).choices(choices)

/** Adds how much load is sent, for a load with an end of its own. */
export const addAmountFlags = (command: Command): Command =>
  command
    .optionsGroup('How much:')
    .option(
      '-s, --schedule <words>',
      'requests per second, open loop: const(100,10s) line(1,500,30s) step(10,50,10,5s), or a number; default const(100,10s)',
    )
    .option(
      '-u, --users <words>',
      'closed loop instead: const(50,30s) ramp(50,10s) wait(1m), or a number',
    )
    .option('--duration <time>', 'how long a schedule or users that are only a number last: 10s')
    .optionsGroup('What:')
    .option('-f, --file <file>', 'a load file, or the load: part of a scenario; flags go before it')

/** Adds the other flags of {@link LoadFlags}, in the order in which a person asks for them. */
export const addLoadFlags = (command: Command): Command =>
  command
    .optionsGroup('What:')
    .option('-X, --method <method>', 'GET, or POST with a body')
    .option('-H, --header <line>', '"Name: value"; may be given again', collect, [])
    .option('-d, --data <body>', 'the body, or @FILE')
    .option('--ammo <file>', 'requests from a file, streamed; may be gzipped')
    .addOption(choice('--ammo-format <format>', 'of that file', AMMO_FORMATS))
    .optionsGroup('Connections:')
    .addOption(
      choice('--connections <how>', 'default reuse; both: every other request has its own', [
        'new',
        'reuse',
        'both',
      ]),
    )
    .option('--max-connections <number>', 'at once; default 4096')
    .option('--max-requests-per-connection <number>', 'a connection is closed after so many')
    .option('--max-connection-age <time>', 'an older connection gets no new request')
    .option('--timeout <time>', 'of a request, from its sending to the last byte; default 5s')
    .addOption(choice('--http <version>', 'default 1.1', ['1.1', '2']))
    .option('--insecure', 'accept any certificate')
    .option('--cacert <file>', 'PEM of the authority to trust')
    .option('--cert <file>', 'PEM of our own certificate')
    .option('--key <file>', 'PEM of its key')
    .option('--server-name <name>', 'for SNI and the certificate; default the host of the URL')
    .optionsGroup('Generator:')
    .option('--threads <number>', 'default: as many as the rate needs')
    .addOption(
      choice('--pace <how>', 'default timer; spin takes a whole core for closer sending', [
        'timer',
        'spin',
      ]),
    )
    .addOption(choice('--engine <engine>', 'default raw, and undici for HTTP/2', ['raw', 'undici']))
    .optionsGroup('Judgement:')
    .option(
      '--expect <line>',
      'p99<50ms, failed<0.1%; may be given again; default failed == 0',
      collect,
      [],
    )
    .option(
      '--stop <criterion>',
      'ends the load when it holds: http(5xx,10%,10s); may be given again',
      collect,
      [],
    )
    .optionsGroup('Output:')
    .option('--name <name>', 'of the run')
    .option('--out <directory>', 'of the run; default reports/NAME-TIME-ID')
    .addOption(choice('-o, --output <form>', 'what stdout gets', ['text', 'json']).default('text'))
    .option('--no-live', 'plain lines instead of the live view')
