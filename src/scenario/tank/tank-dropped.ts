const FIRST_LAUNCH = 'podtank has no other program to launch'
const OWN_LIMITS = 'podtank has limits of its own (load.maxResponseSize)'
const STEPPING = 'podtank computes the schedule as it goes; there is nothing to cache'

/** Keys of phantom's section that mean nothing here, and why. */
export const PHANTOM_DROPPED: Readonly<Record<string, string>> = {
  additional_libs: FIRST_LAUNCH,
  affinity: 'start podtank under taskset',
  autocases: 'tags come from the requests, not from their paths',
  buffered_seconds: 'results are there at once',
  cache_dir: STEPPING,
  chosen_cases: 'take the tags out of the ammo that shall not be sent',
  client_cipher_suites: 'the ciphers are those of Node.js',
  config: FIRST_LAUNCH,
  connection_test: 'podtank always tries the address first',
  enum_ammo: '--requests phout numbers each request',
  eta_file: 'not needed',
  file_cache: FIRST_LAUNCH,
  force_stepping: STEPPING,
  gatling_ip: 'podtank sends from one address',
  method_options: FIRST_LAUNCH,
  method_prefix: FIRST_LAUNCH,
  name: 'not needed',
  phantom_http_entity: OWN_LIMITS,
  phantom_http_field: OWN_LIMITS,
  phantom_http_field_num: OWN_LIMITS,
  phantom_http_line: OWN_LIMITS,
  phantom_modules_path: FIRST_LAUNCH,
  phantom_path: FIRST_LAUNCH,
  phout_file: 'podtank load --requests phout writes one',
  source_log_prefix: FIRST_LAUNCH,
  use_caching: STEPPING,
  writelog: 'podtank load --requests ndjson writes each request; failures are in the recording',
}

const OWN_RESULTS = 'results stay on this machine, in reports/'
const MONITORING = 'only the generator itself is watched, and always'

/** Sections that mean nothing here, by Tank's name of the plugin or of the section. */
export const SECTION_DROPPED: Readonly<Record<string, string>> = {
  aggregator: 'results need no second aggregation',
  android: 'not a load on HTTP',
  appium: 'not a load on HTTP',
  clickhouse: OWN_RESULTS,
  cli: "the command line is podtank's own",
  console: 'the live view is there whenever stdout is a terminal',
  core: 'podtank takes no locks, and writes to reports/',
  datauploader: OWN_RESULTS,
  graphite: OWN_RESULTS,
  influx: OWN_RESULTS,
  influxuploader: OWN_RESULTS,
  json_report: 'result.json is always written',
  jsonreport: 'result.json is always written',
  lunapark: OWN_RESULTS,
  lunaport: OWN_RESULTS,
  meta: OWN_RESULTS,
  monitoring: MONITORING,
  neuploader: OWN_RESULTS,
  offline_report: 'report.html is always written',
  offlinereport: 'report.html is always written',
  opentsdb: OWN_RESULTS,
  openmetrics: OWN_RESULTS,
  overload: OWN_RESULTS,
  rcassert: "say what must hold under expect; podtank's exit codes are in docs/tank.md",
  rcheck: 'a run that its own machine disturbed is inconclusive',
  report: 'report.html is always written',
  resource_check: 'a run that its own machine disturbed is inconclusive',
  resourcecheck: 'a run that its own machine disturbed is inconclusive',
  shellexec: 'podtank runs no commands; put them before and after it',
  shell_exec: 'podtank runs no commands; put them before and after it',
  shootexec: 'not a load that podtank makes',
  tank: 'podtank takes no locks, and writes to reports/',
  telegraf: MONITORING,
  tips: 'podtank helps with --help',
  tipsandtricks: 'podtank helps with --help',
  uploader: OWN_RESULTS,
  version: 'not needed',
  yasm: MONITORING,
}

/** Generators that this importer does not know how to turn into a load. */
export const OTHER_GENERATORS: Readonly<Record<string, string>> = {
  bfg: 'BFG runs Python',
  influx_bfg: 'BFG runs Python',
  jmeter: 'JMeter runs its own test plan',
  locust: 'Locust runs Python',
  maven: 'Maven runs tests',
}
