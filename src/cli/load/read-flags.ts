import type { Problem } from '../../base/problem.ts'
import { parseDurationUs } from '../../base/units.ts'
import { readExpectation } from '../../scenario/read-expectation.ts'
import { readSchedule } from '../../scenario/read-schedule.ts'
import { readStopCriterion } from '../../scenario/read-stop-criterion.ts'
import { readUsers } from '../../scenario/read-users.ts'
import type {
  Expectation,
  SchedulePart,
  StopCriterion,
  UsersPart,
} from '../../scenario/scenario.ts'
import { flagProblem } from './flag-problem.ts'

/** Values of flags; each gives what was meant, or adds to the problems and gives undefined. */
export class FlagReader {
  readonly problems: Problem[] = []

  /** Tank's words, or a bare number that lasts `--duration`. */
  schedule(text: string, duration: string | undefined): readonly SchedulePart[] | undefined {
    const read = readSchedule(this.#written(text, duration))
    if (Array.isArray(read)) return read
    this.problems.push(flagProblem('--schedule', this.#written(text, duration), read.message, read))
    return undefined
  }

  users(text: string, duration: string | undefined): readonly UsersPart[] | undefined {
    const read = readUsers(this.#written(text, duration))
    if (Array.isArray(read)) return read
    this.problems.push(flagProblem('--users', this.#written(text, duration), read.message, read))
    return undefined
  }

  #written(text: string, duration = '10s'): string {
    return /^\d+(?:\.\d+)?$/.test(text) ? `const(${text},${duration})` : text
  }

  duration(flag: string, text: string): number | undefined {
    const us = parseDurationUs(text)
    if (us !== undefined && us > 0) return us
    this.problems.push(
      flagProblem(flag, text, 'expected a duration above 0 with a unit: 250ms, 10s, 1m30s'),
    )
    return undefined
  }

  wholeNumber(flag: string, text: string, highest: number): number | undefined {
    const value = /^\d+$/.test(text) ? Number(text) : 0
    if (value >= 1 && value <= highest) return value
    this.problems.push(flagProblem(flag, text, `expected a whole number from 1 to ${highest}`))
    return undefined
  }

  method(text: string): string {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(text)) {
      this.problems.push(flagProblem('--method', text, 'this is not the name of a method'))
    }
    return text.toUpperCase()
  }

  headers(lines: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      lines.flatMap((line): [string, string][] => {
        const [, name, value] =
          /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)$/.exec(line) ?? []
        if (name !== undefined && value !== undefined) return [[name, value]]
        this.problems.push(flagProblem('--header', line, 'expected "Name: value" on one line'))
        return []
      }),
    )
  }

  expectations(lines: readonly string[]): readonly Expectation[] {
    return lines.flatMap((line) => this.#orProblem('--expect', line, readExpectation(line)))
  }

  stopCriteria(lines: readonly string[]): readonly StopCriterion[] {
    return lines.flatMap((line) => this.#orProblem('--stop', line, readStopCriterion(line)))
  }

  #orProblem<Value>(flag: string, line: string, read: Value | string): readonly Value[] {
    if (typeof read !== 'string') return [read]
    this.problems.push(flagProblem(flag, line, read))
    return []
  }
}
