import { type Child, isList, safeText } from '../markup.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** Makes SVG nodes of markup; text only ever becomes text. */
export function toDom(child: Child): Node[] {
  if (child === undefined) return []
  if (typeof child === 'number') return [document.createTextNode(String(child))]
  if (typeof child === 'string') return [document.createTextNode(safeText(child))]
  if (isList(child)) return child.flatMap(toDom)
  const node = document.createElementNS(SVG, child.tag)
  for (const [name, value] of Object.entries(child.attributes)) {
    if (value !== undefined && value !== false)
      node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...child.children.flatMap(toDom))
  return [node]
}
