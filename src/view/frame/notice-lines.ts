import type { Notice } from '../notices.ts'
import { plainTime } from '../status-line.ts'
import type { ViewState } from '../view-state.ts'
import { type Line, piece } from './line.ts'

/** The latest things that happened, oldest first. */
export const noticeLines = ({ notices }: ViewState, lines: number): readonly Line[] =>
  lines <= 0 ? [] : notices.slice(-lines).map(noticeLine)

const noticeLine = ({ atUs, tone, text }: Notice): Line => [
  piece(`${plainTime(atUs)}  `, 'dim'),
  piece(text, tone),
]
