import { createHash } from 'node:crypto'
import { pageAssets } from './assets.ts'
import { type Child, element, toHtml } from './markup.ts'
import { DATA_ID, embeddedJson } from './page-data.ts'
import type { Timeline } from './timeline/timeline.ts'

/**
 * A report as one HTML file that needs no network and, for everything but zooming, no script. The same input gives the
 * same bytes. Only its own script and style may run: the policy names them by their hashes.
 *
 * @param timeline what the page's script draws, in {@link BINS.zoomable} bins.
 */
export function htmlPage(title: string, body: Child, timeline: Timeline): string {
  const { script, style } = pageAssets()
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    toHtml(
      element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy(script, style) }),
    ),
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    toHtml(element('title', {}, title)),
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    toHtml(body),
    `<script type="application/json" id="${DATA_ID}">${embeddedJson({ timeline })}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const policy = (script: string, style: string): string =>
  [
    "default-src 'none'",
    `script-src '${sha256(script)}'`,
    `style-src '${sha256(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const sha256 = (text: string): string =>
  `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`
