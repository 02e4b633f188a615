import { z } from 'zod'
import { type Android, androidFactSchema, androidSchema } from '../../contract/target.ts'
import type { DevicePort } from '../adb/devicePort.ts'

/** Which device and Android it is, from one call of getprop; `undefined` where the device has none. */
export async function readAndroid(port: DevicePort): Promise<Android | undefined> {
  const { exitCode, stdout } = await port.run(['getprop'])
  return exitCode === 0 ? androidOf(stdout) : undefined
}

const toldSchema = androidFactSchema.catch(null)
const sdkSchema = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number)
  .pipe(androidSchema.shape.sdk.unwrap())
  .nullable()
  .catch(null)

/** From what getprop prints. A value that is empty, too long or not one line of plain text is not told. */
export function androidOf(printed: string): Android {
  const properties = propertiesIn(printed)
  const told = (name: string) => toldSchema.parse(properties.get(`ro.${name}`)?.trim() ?? null)
  return {
    manufacturer: told('product.manufacturer'),
    model: told('product.model'),
    socManufacturer: told('soc.manufacturer'),
    socModel: told('soc.model') ?? told('board.platform'),
    release: told('build.version.release'),
    sdk: sdkSchema.parse(told('build.version.sdk')),
    securityPatch: told('build.version.security_patch'),
    buildType: told('build.type'),
    fingerprint: told('build.fingerprint'),
  }
}

/** `[name]: [value]` (AOSP toolbox/getprop.cpp); the value may span lines, and is printed as it is. */
const entryStart = /^\[([^[\]]+)\]: \[/

/** A name that is printed twice is not among them: one of its two may be text inside another's value. */
function propertiesIn(printed: string): Map<string, string> {
  const properties = new Map<string, string>()
  const seen = new Set<string>()
  for (const entry of entriesIn(printed)) {
    const [start = '', name = ''] = entryStart.exec(entry) ?? []
    if (seen.has(name)) properties.delete(name)
    else if (entry.endsWith(']')) properties.set(name, entry.slice(start.length, -1))
    seen.add(name)
  }
  return properties
}

/** Each with all its lines. */
function entriesIn(printed: string): string[] {
  const entries: string[][] = []
  for (const line of printed.split(/\r?\n/)) {
    if (entryStart.test(line)) entries.push([line])
    else entries.at(-1)?.push(line)
  }
  return entries.map(lines => lines.join('\n').trimEnd())
}
