import type { LabHandlers } from '../../contract/calls.ts'
import {
  calibrationSchema,
  type ModelCallName,
  type ModelQuestion,
  modelCalls,
} from '../../contract/model.ts'
import type { RunDetail } from '../../contract/run.ts'

export type ModelParts = {
  /** Asks an engine process. */
  readonly ask: (question: ModelQuestion) => Promise<unknown>
  readonly getRun: (runId: number) => RunDetail
  readonly profilesChanged: () => Promise<void>
}

/** The calls about profiles and the model. All of the work is the engine's. */
export function modelHandlers(parts: ModelParts): Pick<LabHandlers, ModelCallName | 'calibrate'> {
  const call = (name: ModelCallName, input: unknown) => parts.ask({ ask: 'call', name, input })
  return {
    listProfiles: async input => modelCalls.listProfiles.output.parse(await call('listProfiles', input)),
    getProfile: async input => modelCalls.getProfile.output.parse(await call('getProfile', input)),
    saveProfile: async profile => {
      await call('saveProfile', profile)
      await parts.profilesChanged()
      return {}
    },
    deleteProfile: async input => {
      await call('deleteProfile', input)
      await parts.profilesChanged()
      return {}
    },
    predict: async input => modelCalls.predict.output.parse(await call('predict', input)),
    sweepGather: async input => modelCalls.sweepGather.output.parse(await call('sweepGather', input)),
    publishedTable: async input =>
      modelCalls.publishedTable.output.parse(await call('publishedTable', input)),
    calibrate: async ({ runId, name }) => {
      const answer = await parts.ask({ ask: 'calibrate', run: parts.getRun(runId), name })
      const calibration = calibrationSchema.parse(answer)
      await parts.profilesChanged()
      return calibration
    },
  }
}
