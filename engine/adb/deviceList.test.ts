import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDeviceList } from './deviceList.ts'

const permissions =
  'no permissions (missing udev rules? user is in the plugdev group); see [http://developer.android.com/tools/device.html]'

it.each([
  [
    'SERIALREADY0           device usb:1-1 product:a model:Galaxy_S24 device:x transport_id:1',
    'SERIALREADY0',
    'device',
  ],
  ['SERIALUNAUTH           unauthorized usb:1-3 transport_id:2', 'SERIALUNAUTH', 'unauthorized'],
  ['192.0.2.5:5555         offline product:q model:Z device:z transport_id:3', '192.0.2.5:5555', 'offline'],
  ['SERIALRECOV            recovery usb:1-6 product:b model:Pixel transport_id:6', 'SERIALRECOV', 'recovery'],
  [`????????????           ${permissions} usb:1-2 transport_id:8`, '???????????? usb:1-2', permissions],
  [`(no serial number)     ${permissions} transport_id:8`, '(no serial number) transport 8', permissions],
  ['SERIALAUTHG            authorizing usb:1-9 transport_id:9', 'SERIALAUTHG', 'authorizing'],
  [
    'adb-SERIAL (2)._adb-tls-connect._tcp device product:p model:P_8 device:p transport_id:11',
    'adb-SERIAL (2)._adb-tls-connect._tcp',
    'device',
  ],
  ['R5CT\tdevice', 'R5CT', 'device'],
  ['my device unauthorized', 'my device', 'unauthorized'],
  ['X                      somethingnew usb:1-1', 'X', 'somethingnew'],
])('%s', (line, serial, words) => {
  expect(parseDeviceList(`${line}\n`)).toMatchObject([{ serial, words }])
})

it('says what to do about each state but a ready one', () => {
  const states = ['unauthorized', 'offline', 'recovery', 'sideload', 'bootloader', 'authorizing', 'whatever']
  const hints = states.map(state => parseDeviceList(`A ${state}`)[0]?.hint)
  expect(new Set(hints).size).toBe(states.length)
  expect(hints).not.toContain('')
})

it('tells two devices without a serial apart', () => {
  const rows = ['usb:1-2 transport_id:1', 'usb:1-3 transport_id:2'].map(
    end => `???????????? ${permissions} ${end}`,
  )
  expect(parseDeviceList(rows.join('\n')).map(device => device.serial)).toEqual([
    '???????????? usb:1-2',
    '???????????? usb:1-3',
  ])
})

it('loses no row, whatever a device calls itself', () => {
  const serial = fc
    .string({ minLength: 1, unit: 'binary' })
    .filter(text => !/[\n\t]/.test(text) && text.trim() !== '')
  fc.assert(
    fc.property(fc.array(fc.tuple(serial, fc.constantFrom('device', 'offline', 'recovery'))), rows => {
      const text = rows.map(([name, state], index) => `${name} ${state} transport_id:${index}`).join('\n')
      const devices = parseDeviceList(text)
      expect(devices.map(({ words }) => words)).toEqual(rows.map(([, state]) => state))
      expect(
        devices.every(device => !/[\p{Cc}\p{Cf}]/u.test(device.serial.replaceAll(/[\u200c\u200d]/g, ''))),
      ).toBe(true)
    }),
  )
})
