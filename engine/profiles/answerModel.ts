import { type ModelCallName, type ModelQuestion, modelCalls } from '../../contract/model.ts'
import { calibrate } from '../../model/calibration.ts'
import { predict, sweepGather } from '../../model/prediction.ts'
import { publishedTable } from '../../model/published/publishedTable.ts'
import type { ProfileShelf } from './profileShelf.ts'

/** What a calibration starts from: every mechanism, without the factors of one phone. */
const calibrationBase = 'ufs4-phone-2024-uncalibrated'

/** Answers one question of the lab; a calibration is kept on the shelf. @throws LabFailure or ZodError. */
export function answerModel(shelf: ProfileShelf, question: ModelQuestion): unknown {
  if (question.ask === 'call') return callsOn(shelf)[question.name](question.input)
  // Before the fit: it takes its time.
  shelf.refuseBundled(question.name)
  const calibration = calibrate(shelf.get(calibrationBase), question.run, question.name)
  shelf.save(calibration.profile)
  return calibration
}

function callsOn(shelf: ProfileShelf): Record<ModelCallName, (input: unknown) => unknown> {
  return {
    listProfiles: () => shelf.list(),
    getProfile: input => shelf.get(modelCalls.getProfile.input.parse(input).name),
    saveProfile: input => {
      shelf.save(modelCalls.saveProfile.input.parse(input))
      return {}
    },
    deleteProfile: input => {
      shelf.delete(modelCalls.deleteProfile.input.parse(input).name)
      return {}
    },
    predict: input => {
      const request = modelCalls.predict.input.parse(input)
      return predict(shelf.get(request.profile), request)
    },
    sweepGather: input => {
      const request = modelCalls.sweepGather.input.parse(input)
      return sweepGather(shelf.get(request.profile), request)
    },
    publishedTable: input => {
      const { profile } = modelCalls.publishedTable.input.parse(input)
      return publishedTable(name => shelf.get(profile ?? name))
    },
  }
}
