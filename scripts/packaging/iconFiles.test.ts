import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { icnsOf, icoOf } from './iconFiles.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(import.meta.dirname, 'icons')
const read = (name: string) => readFileSync(join(folder, name))
const sides = [16, 24, 32, 48, 64, 128, 256, 512]

const pngMark = Buffer.from('89504e470d0a1a0a', 'hex')

/** Side and depth as a PNG's IHDR says them. */
function headOf(png: Buffer) {
  expect(png.subarray(0, 8)).toEqual(pngMark)
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), alpha: png.readUInt8(25) === 6 }
}

test('the pictures are of the drawing that there is; else run node scripts/icons.ts', () => {
  const drawing = readFileSync(join(root, 'renderer', 'icon.svg'), 'utf8')
  expect(read('drawing.sha256').toString()).toContain(createHash('sha256').update(drawing).digest('hex'))
  expect(globSync('*.png', { cwd: folder }).toSorted()).toEqual(sides.map(px => `${px}x${px}.png`).toSorted())
  expect(readFileSync(join(root, 'renderer', 'public', 'icon.png'))).toEqual(read('256x256.png'))
})

test.each(sides)('the picture of %i pixels has that side, and round corners', px => {
  const png = read(`${px}x${px}.png`)
  expect(headOf(png)).toEqual({ width: px, height: px, alpha: true })
  const at = png.indexOf('IDAT')
  const row = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)), { finishFlush: 2 })
  // The first row's filter, then the corner's four bytes: at 16 pixels the rounding covers a tenth of it.
  expect(row[4]).toBeLessThan(64)
})

test("Windows' file has every size once, each where its entry says", () => {
  const ico = read('icon.ico')
  const count = ico.readUInt16LE(4)
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1])
  const found = Array.from({ length: count }, (_, index) => {
    const entry = 6 + 16 * index
    const offset = ico.readUInt32LE(entry + 12)
    const png = ico.subarray(offset, offset + ico.readUInt32LE(entry + 8))
    const { width } = headOf(png)
    expect(ico.readUInt8(entry) || 256).toBe(width)
    expect(png).toEqual(read(`${width}x${width}.png`))
    return width
  })
  expect(found).toEqual([16, 24, 32, 48, 64, 128, 256])
})

test("macOS's file is as long as it says, and each type has its size", () => {
  const icns = read('icon.icns')
  expect(icns.toString('latin1', 0, 4)).toBe('icns')
  expect(icns.readUInt32BE(4)).toBe(icns.length)
  const found: [string, number][] = []
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    found.push([icns.toString('latin1', at, at + 4), headOf(icns.subarray(at + 8)).width])
  }
  expect(Object.fromEntries(found)).toEqual({
    ic11: 32,
    ic12: 64,
    ic07: 128,
    ic08: 256,
    ic13: 256,
    ic09: 512,
    ic14: 512,
    ic10: 1024,
  })
})

test('a size that a format cannot have is refused', () => {
  expect(() => icoOf(new Map([[512, Buffer.alloc(1)]]))).toThrow('512')
  expect(() => icnsOf(new Map([[48, Buffer.alloc(1)]]))).toThrow('48')
})
