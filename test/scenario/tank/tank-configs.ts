/** Configs of Yandex.Tank as people write them: new and old spelling, phantom and pandora. */
export const TANK_CONFIGS: Readonly<Record<string, string>> = {
  tutorial: `phantom:
  address: 203.0.113.7:8080 # the shop
  header_http: "1.1"
  headers:
    - "[Host: shop.example.com]"
    - "[Connection: close]"
  uris:
    - /
    - /buy
    - /search?q=%22tank%22&page=2
  load_profile:
    load_type: rps
    schedule: line(1, 10, 10m)
console:
  enabled: true
telegraf:
  enabled: false
`,
  everything: `core:
  lock_dir: /tmp/locks
phantom:
  enabled: true
  package: yandextank.plugins.Phantom
  address: "[2001:db8::17]:8443"
  ssl: true
  client_certificate: ./certs/client.pem
  client_key: ./certs/client.key
  instances: 20000
  threads: 8
  timeout: 2s500ms
  ammofile: ammo/pay.gz
  ammo_type: uripost
  ammo_limit: 100000
  loop: -1
  autocases: 2
  writelog: proto_error
  gatling_ip: 198.51.100.1 198.51.100.2
  phantom_http_entity: 16M
  headers: |
    [Host: pay.example.com]
    [Content-Length: 5]
    [Connection: keep-alive]
  header_http: '1.1'
  load_profile:
    load_type: rps
    schedule: >-
      line(1, 3000, 5m)
      const(3000,90)
      step(3000,1000,500,27h3m45)
  connection_tset: false
  multi:
    - address: other.example.com:80
      uris: [/]
      load_profile: {load_type: rps, schedule: "const(1,10s)"}
autostop:
  package: yandextank.plugins.Autostop
  autostop:
    - quantile(50,300,7)
    - http(4xx,25%,10)
    - net(xx,10,5s, pay)
    - time(0.5s,10s)
    - instances(90%,30s)
    - metric_higher(localhost,CPU_steal,10,5s)
    - metric_lower(db*.example.com,Memory_free,500,10)
    - steady_cumulative(30s)
uploader:
  package: yandextank.plugins.DataUploader
  enabled: true
  operator: someone
  job_name: 'Pay: nightly #5'
  job_dsc: The whole of it
overload:
  enabled: true
  package: yandextank.plugins.DataUploader
  token_file: token.txt
rcassert:
  pass: 0 22
shellexec:
  prepare: ./warm-up.sh
json_report: {}
consol:
  short_only: true
`,
  'old-spelling': `phantom:
  address: backend.example.com
  port: '8080'
  uris: |
    /ping
    /status health check
    /поиск?q=1
  rps_schedule: const(0,10) line(1,50,1m) const(50,2m)
  timeout: 15
autostop: |
  time(1,10)
  http(5xx,100%,1s)
  net(xx,1,30)
`,
  users: `phantom:
  address: 192.0.2.4:80
  ammofile: /srv/ammo/access.log
  ammo_type: access
  loop: 3
  instances: 200
  load_profile:
    load_type: instances
    schedule: line(1,200,10m) const(200,5m)
autostop:
  enabled: false
  autostop: [ 'limit(1h)' ]
`,
  raw: `version: 1.8.36
phantom:
  address: localhost:9000
  ammofile: https://storage.example.com/ammo/shop.txt?version=3
  header_http: '1.1'
  load_profile: { load_type: rps, schedule: "step(5, 25, 5, 60)" }
`,
  pandora: `pandora:
  package: yandextank.plugins.Pandora
  enabled: true
  pandora_cmd: /usr/local/bin/pandora
  config_content:
    pools:
      - id: shop
        gun:
          type: http
          target: shop.example.com:443
          ssl: true
          answlog: { enabled: true }
        ammo:
          type: uri
          headers:
            - "[Host: shop.example.com]"
            - "[User-Agent: pandora]"
          uris:
            - /
            - /buy buy
        result: { type: phout, destination: ./phout.log }
        rps:
          - { type: line, from: 1, to: 100.5, duration: 30s }
          - { duration: 1m30s, type: const, ops: 100 }
          - { type: once, times: 20 }
        startup: { type: once, times: 300 }
        discard_overflow: true
      - id: second
        gun: { type: http, target: "shop.example.com:80" }
    log: { level: error }
autostop:
  autostop: [ "total_http(5xx,10%,10s)", "negative_net(0,5,3s)" ]
`,
  'pandora-alone': `pools:
  - id: fast as it can
    gun: { type: http, target: "127.0.0.1:8080", disable-keep-alives: true }
    ammo: { type: raw, source: { type: file, path: ./requests.raw }, passes: 10 }
    rps: { type: unlimited, duration: 5m }
    startup:
      - { type: once, times: 10 }
      - { type: const, ops: 2, duration: 30s }
`,
}
