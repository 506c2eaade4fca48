import { sanitize } from '../../base/sanitize.ts'

/** A piece of HTML or SVG as a value; text is text until {@link toHtml} or the page's `toDom` writes it. */
export interface Markup {
  readonly tag: string
  readonly attributes: Attributes
  readonly children: readonly Child[]
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

export type Child = Markup | string | number | undefined | readonly Child[]

/** An element; an attribute that is undefined or false is left out, one that is true has no value. */
export const element = (
  tag: string,
  attributes: Attributes = {},
  ...children: readonly Child[]
): Markup => ({ tag, attributes, children })

const VOID = new Set(['br', 'hr', 'meta', 'link', 'input', 'col'])

/** Longer texts are cut; nothing of ours comes near it. */
const MAX_TEXT = 20_000

/** Text as it is drawn anywhere in the report: sanitised line by line. */
export const safeText = (text: string): string =>
  text
    .split('\n')
    .map((line) => sanitize(line, MAX_TEXT))
    .join('\n')

/** Writes markup as HTML. The one place where text becomes HTML: every string is sanitised and escaped here. */
export function toHtml(child: Child): string {
  if (child === undefined) return ''
  if (typeof child === 'number') return String(child)
  if (typeof child === 'string') return escapeHtml(safeText(child))
  if (isList(child)) return child.map(toHtml).join('')
  const { tag, attributes, children } = child
  const start = `<${tag}${Object.entries(attributes).map(attributeHtml).join('')}>`
  return VOID.has(tag) ? start : `${start}${children.map(toHtml).join('')}</${tag}>`
}

/** Whether a child is a list of children. */
export const isList = (child: Child): child is readonly Child[] => Array.isArray(child)

function attributeHtml([name, value]: [string, Attributes[string]]): string {
  if (value === undefined || value === false) return ''
  return value === true ? ` ${name}` : ` ${name}="${escapeHtml(safeText(String(value)))}"`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
