import { visibleText } from '../../findings/words/foreignText.ts'
import type { ListedDevice } from './devicePort.ts'

/** What stands behind the state in `adb devices -l` (append_transport_info() in adb's transport.cpp). */
const detail = /^(usb|product|model|device|features|transport_id):\S*$/

/** What to do about a device in a state that adb names by these words. */
const hints: ReadonlyArray<readonly [words: string, hint: string]> = [
  ['unauthorized', 'Unlock the device and accept this computer in the dialog about USB debugging.'],
  ['authorizing', 'Wait a moment: the device is being asked. Unlock it and accept this computer.'],
  ['connecting', 'Wait a moment: adb is connecting to it.'],
  ['offline', 'Unplug the device and plug it in again, or run: adb reconnect offline'],
  [
    'no permissions',
    'This user may not open the USB device. Add udev rules (Debian: apt install android-sdk-platform-tools-common) ' +
      'and the user to the group plugdev, plug it in again, then run: adb kill-server',
  ],
  ['recovery', 'It runs its recovery. Start Android: adb reboot'],
  ['rescue', 'It runs its rescue mode. Start Android: adb reboot'],
  ['sideload', 'It waits for a package to sideload. Start Android from the menu on its screen.'],
  ['bootloader', 'It is in its bootloader. Start Android: fastboot reboot'],
  ['detached', 'adb has let go of it. Take it back: adb attach'],
  ['host', 'It is another adb server and no device. Connect the device itself.'],
]
const plainHint = 'adb does not use it in this state. Plug it in again, or start it anew.'

/**
 * The devices of `host:devices-l`, or of `host:devices` with its tabs: every row, in adb's own words. A serial of a
 * wireless device may hold spaces, and a device without permission has none; the state and what follows it are known.
 */
export function parseDeviceList(text: string): ListedDevice[] {
  const devices = text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(parseLine)
  return devices.map(({ place, ...device }) => ({
    ...device,
    serial: distinctSerial({ place, ...device }, devices),
  }))
}

type ParsedDevice = ListedDevice & { readonly place: string }

function parseLine(line: string): ParsedDevice {
  const { front, details } = splitDetails(line)
  const { serial, words } = splitState(front)
  const namedDetail = (name: string) =>
    details.find(each => each.startsWith(`${name}:`))?.slice(name.length + 1) ?? ''
  return {
    serial: visibleText(serial),
    words: visibleText(words),
    state: stateOf(words),
    hint: hints.find(([known]) => words.startsWith(known))?.[1] ?? plainHint,
    model: visibleText(namedDetail('model').replaceAll('_', ' ')),
    place: details.find(each => each.startsWith('usb:')) ?? `transport ${namedDetail('transport_id')}`,
  }
}

function splitDetails(line: string): { front: string; details: string[] } {
  const words = line.trimEnd().split(' ')
  let count = 0
  while (count < words.length - 1 && detail.test(words.at(-1 - count) ?? '')) count += 1
  return {
    front: words
      .slice(0, words.length - count)
      .join(' ')
      .trimEnd(),
    details: words.slice(words.length - count),
  }
}

/** The state is one word, but for `no permissions (why); see [where]`. */
function splitState(front: string): { serial: string; words: string } {
  const tab = front.indexOf('\t')
  const refused = front.indexOf(' no permissions')
  const space = refused >= 0 ? refused : front.lastIndexOf(' ')
  const at = tab >= 0 ? tab : space
  if (at < 0) return { serial: front, words: 'unknown' }
  return { serial: front.slice(0, at).trim(), words: front.slice(at + 1).trim() }
}

function stateOf(words: string): ListedDevice['state'] {
  if (words === 'device') return 'ready'
  return words === 'unauthorized' || words === 'offline' ? words : 'unavailable'
}

/** Devices that adb cannot ask for their serial are all called alike: their place tells them apart. */
function distinctSerial({ serial, place }: ParsedDevice, all: readonly ParsedDevice[]): string {
  const isNone = serial === '' || serial.startsWith('?') || serial === '(no serial number)'
  const isTwice = all.filter(other => other.serial === serial).length > 1
  return isNone || isTwice ? `${serial} ${place}`.trim() : serial
}
