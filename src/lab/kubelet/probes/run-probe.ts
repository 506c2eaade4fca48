import { connect } from 'node:net'
import type { Container, Probe } from '../../api/kinds/pod.ts'
import type { ContainerProcess } from '../runtime/container-process.ts'
import { findPort } from '../find-port.ts'
import { httpGet } from '../http-get.ts'
import { probeGrpc } from './probe-grpc.ts'

/** What a probe looks at. */
export interface ProbeTarget {
  readonly container: Container
  readonly podIp: string
  readonly process: ContainerProcess
}

export interface ProbeResult {
  readonly succeeded: boolean
  /** Why not, as the kubelet words it. */
  readonly message: string
  /** What is odd about a success: it was redirected to another host. */
  readonly warning?: string
}

const passed: ProbeResult = { succeeded: true, message: '' }
const failed = (message: string): ProbeResult => ({ succeeded: false, message })

/** Runs a probe once, within its timeout (k8s-mechanics 1.11). */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeResult> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000
  if (probe.exec) {
    const { exitCode, output } = await target.process.exec(probe.exec.command, timeoutMs)
    return exitCode === 0 ? passed : failed(output)
  }
  if (probe.httpGet) {
    const answer = await httpGet(
      { ...target, action: probe.httpGet, userAgent: 'kube-probe/1.33' },
      timeoutMs,
    )
    if (!answer.ok) return failed(answer.error)
    const { status, body } = answer.value
    if (status < 200 || status >= 400) {
      return failed(`HTTP probe failed with statuscode: ${String(status)}`)
    }
    if (status < 300) return passed
    return { ...passed, warning: `Probe terminated redirects, Response body: ${body}` }
  }
  if (probe.tcpSocket) {
    const port = findPort(probe.tcpSocket.port, target.container)
    if (port === undefined) return failed(`couldn't find port: ${String(probe.tcpSocket.port)}`)
    return probeTcp(probe.tcpSocket.host ?? target.podIp, port, timeoutMs)
  }
  if (probe.grpc) {
    const { port, service = '' } = probe.grpc
    return probeGrpc({ host: target.podIp, port, service, timeoutMs })
  }
  return failed('missing probe handler')
}

function probeTcp(host: string, port: number, timeoutMs: number): Promise<ProbeResult> {
  const address = `${host}:${String(port)}`
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs })
    const finish = (result: ProbeResult) => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', () => {
      finish(passed)
    })
    socket.once('timeout', () => {
      finish(failed(`dial tcp ${address}: i/o timeout`))
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ECONNREFUSED' ? 'connection refused' : error.message
      finish(failed(`dial tcp ${address}: connect: ${reason}`))
    })
  })
}
