import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Opens a file, through gunzip if its first bytes say so; the last stream is the one to read. Throws as `open` does. */
export function openUnpacked(path: string): readonly Readable[] {
  const isPacked = isGzip(path)
  const file = createReadStream(path)
  return isPacked ? [file, file.pipe(createGunzip())] : [file]
}

function isGzip(path: string): boolean {
  const fd = openSync(path, 'r')
  try {
    const magic = Buffer.alloc(2)
    readSync(fd, magic, 0, 2, 0)
    return magic[0] === 0x1f && magic[1] === 0x8b
  } finally {
    closeSync(fd)
  }
}
