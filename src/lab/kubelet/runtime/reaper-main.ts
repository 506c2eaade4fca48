/** Reads process groups from stdin, and at its end kills them all and whatever carries the lab's marker. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const DEADLINE_MS = 3000
const POLL_MS = 20

const marker = `PODTANK_LAB=${process.argv[2] ?? ''}`
const groups = new Set<number>()

for await (const line of createInterface({ input: process.stdin })) {
  const groupPid = Number(line.slice(1))
  if (line.startsWith('+')) groups.add(groupPid)
  else groups.delete(groupPid)
}

const deadlineMs = performance.now() + DEADLINE_MS
while (killAll() > 0 && performance.now() < deadlineMs) await sleep(POLL_MS)

/** How many were still there to be killed. A group whose members wait to be reaped by init does not count. */
function killAll(): number {
  const killedGroups = [...groups].filter((groupPid) => kill(-groupPid)).length
  return existsSync('/proc/self/environ') ? markedProcesses().filter(kill).length : killedGroups
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** Processes of the lab in whatever group they are, as far as /proc tells. */
function markedProcesses(): number[] {
  const pids = readdirSync('/proc').map(Number)
  return pids.filter((pid) => pid > 0 && isMarked(pid))
}

function isMarked(pid: number): boolean {
  try {
    return readFileSync(`/proc/${String(pid)}/environ`, 'utf8')
      .split('\0')
      .includes(marker)
  } catch {
    return false
  }
}
