/** PNGs by their side in pixels. */
export type Pictures = ReadonlyMap<number, Buffer>

const icoHeadBytes = 6
const icoEntryBytes = 16

/** Windows' icon file (ICONDIR) with PNGs in it, as it takes them since Vista. @throws Error above 256 pixels. */
export function icoOf(pictures: Pictures): Buffer {
  const head = Buffer.alloc(icoHeadBytes + icoEntryBytes * pictures.size)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.size, 4)
  let offset = head.length
  for (const [index, [px, png]] of [...pictures].entries()) {
    if (px > 256) throw new Error(`an icon file has pictures of up to 256 pixels, not of ${px}`)
    const entry = icoHeadBytes + icoEntryBytes * index
    // 0 stands for 256.
    head.writeUInt8(px % 256, entry)
    head.writeUInt8(px % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(png.length, entry + 8)
    head.writeUInt32LE(offset, entry + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...pictures.values()])
}

/** macOS's types for PNGs, by their pixels; a size that Retina displays have, too, stands there twice. */
const icnsTypes: ReadonlyMap<number, readonly string[]> = new Map([
  [32, ['ic11']],
  [64, ['ic12']],
  [128, ['ic07']],
  [256, ['ic08', 'ic13']],
  [512, ['ic09', 'ic14']],
  [1024, ['ic10']],
])

/** macOS's icon file: a type, a length and a PNG for each. @throws Error for a size that it has no type for. */
export function icnsOf(pictures: Pictures): Buffer {
  const parts = [...pictures].flatMap(([px, png]) => {
    const types = icnsTypes.get(px)
    if (types === undefined) throw new Error(`macOS has no icon of ${px} pixels`)
    return types.map(type => block(type, png))
  })
  return block('icns', Buffer.concat(parts))
}

function block(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 0, 'latin1')
  head.writeUInt32BE(head.length + content.length, 4)
  return Buffer.concat([head, content])
}
