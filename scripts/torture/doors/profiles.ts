import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { predictionRequestSchema } from '../../../contract/model.ts'
import { MiB } from '../../../contract/size.ts'
import { ProfileShelf } from '../../../engine/profiles/profileShelf.ts'
import { predict } from '../../../model/prediction.ts'
import { bundledProfile, bundledProfileNames } from '../../../model/profiles/bundledProfiles.ts'
import { type Door, unlessRefused } from './door.ts'

const name = 'mine'
const derived = { name, title: 'Mine', notes: [], features: {}, parameters: {} }

/** A user's profile among the lab's own, and what the model says by it. */
export const profiles: Door = {
  name: 'profiles',
  seeds: [
    ...bundledProfileNames.map(bundled => JSON.stringify({ ...bundledProfile(bundled), name })),
    ...bundledProfileNames.map(bundled => JSON.stringify({ ...derived, extends: bundled })),
  ],
  open: folder => {
    const shelf = new ProfileShelf(folder)
    mkdirSync(join(folder, 'profiles'))
    return {
      feed: async text => {
        writeFileSync(join(folder, 'profiles', `${name}.json`), text)
        shelf.list()
        const profile = await unlessRefused(() => shelf.get(name))
        if (profile !== undefined) await unlessRefused(() => predict(profile, request))
      },
      close: async () => {},
    }
  },
}

const request = predictionRequestSchema.parse({
  profile: name,
  schemes: ['normal', 'udmabuf-gather-direct'],
  sizesBytes: [MiB],
})
