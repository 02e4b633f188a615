import type { Android } from '../../../contract/target.ts'

/** What the device of the user `shell` says of itself (guestPhone/build.prop). */
export const virtualPhone: Android = {
  manufacturer: 'dmabuf-lab',
  model: 'Virtual device',
  socManufacturer: null,
  socModel: 'virtual',
  release: '15',
  sdk: 35,
  securityPatch: '2024-10-05',
  buildType: 'user',
  fingerprint: 'dmabuf-lab/virtual/virtual:15/AP3A.000000.001/1:user/release-keys',
}
