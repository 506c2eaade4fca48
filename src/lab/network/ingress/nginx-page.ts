import { STATUS_CODES } from 'node:http'

const titles: Readonly<Record<number, string>> = {
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
  413: 'Request Entity Too Large',
}

/** The body of an answer that nginx makes itself. */
export function nginxPage(status: number): string {
  const title = `${String(status)} ${titles[status] ?? STATUS_CODES[status] ?? ''}`
  return [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n')
}
