import { GiB, MiB } from '../../../contract/size.ts'
import type { Knobs } from '../modelStore.ts'

/** Sliders that nobody has touched, with one curve. */
export const untouchedKnobs: Knobs = {
  profile: 'ufs4-phone-2024',
  storageBytesPerSecond: null,
  storageLatencyNs: null,
  allocBytesPerSecond: null,
  gatherBytes: 128 * MiB,
  readers: 1,
  fileBytes: 3 * GiB,
  pressureBytes: 0,
  schemes: ['normal'],
  swept: 'read-async-direct',
}
