import { styleText } from 'node:util'
import { Box, Text, useInput } from 'ink'
import type { ReactElement } from 'react'
import type { Line, Tone } from './frame/line.ts'

const STYLES = {
  plain: [],
  dim: ['gray'],
  strong: ['bold'],
  good: ['green'],
  warn: ['yellow'],
  bad: ['red', 'bold'],
  accent: ['cyan'],
} as const satisfies Record<Tone, readonly Parameters<typeof styleText>[0][]>

export interface ScreenProps {
  readonly lines: readonly Line[]
  readonly useColour: boolean
  readonly onKey: (key: string) => void
}

/** Draws lines, and passes keys on: a character, or `ctrl-c`. */
export function Screen({ lines, useColour, onKey }: ScreenProps): ReactElement {
  useInput((input, key) => onKey(key.ctrl && input === 'c' ? 'ctrl-c' : input))
  return (
    <Box flexDirection="column">
      {lines.map((line, row) => (
        <Text key={row} wrap="truncate-end">
          {textOf(line, useColour)}
        </Text>
      ))}
    </Box>
  )
}

/** An empty line would have no height. */
const textOf = (line: Line, useColour: boolean): string =>
  line.map(({ text, tone }) => (useColour ? styled(text, tone) : text)).join('') || ' '

function styled(text: string, tone: Tone): string {
  const styles = STYLES[tone]
  return styles.length === 0 ? text : styleText([...styles], text, { validateStream: false })
}
