import { type CallOf, type CheckedInput, callSchemas, type LabHandlers } from '../../contract/calls.ts'
import { calibrationRequestSchema, type ModelQuestion, type ModelTopic } from '../../contract/engine.ts'
import { fail } from '../../contract/error.ts'
import type { Calibration } from '../../contract/model.ts'
import { calibrate } from '../../model/calibration.ts'
import { predict, sweepGather } from '../../model/prediction.ts'
import { publishedTable } from '../../model/published/publishedTable.ts'
import type { ProfileShelf } from './profileShelf.ts'

/** What a calibration starts from: every mechanism, without the factors of one phone. */
const calibrationBase = 'ufs4-phone-2024-uncalibrated'

type Answers = {
  readonly [T in ModelTopic]: { readonly [C in CallOf<T>]: (input: unknown) => unknown }
}

/** Answers one question of the lab; a calibration is kept on the shelf. @throws LabFailure or ZodError. */
export function answerModel(shelf: ProfileShelf, { topic, call, input }: ModelQuestion): unknown {
  const answers: Readonly<Record<string, (input: unknown) => unknown>> = answersFrom(shelf)[topic]
  const answer = Object.hasOwn(answers, call) ? answers[call] : undefined
  if (answer === undefined) fail('bad-input', `the model answers no ${topic}.${call}`, 'Update the caller.')
  return answer(input)
}

function answersFrom(shelf: ProfileShelf): Answers {
  return {
    profiles: {
      list: () => shelf.list(),
      get: checked('profiles', 'get', ({ name }) => shelf.get(name)),
      save: checked('profiles', 'save', profile => {
        shelf.save(profile)
        return {}
      }),
      delete: checked('profiles', 'delete', ({ name }) => {
        shelf.delete(name)
        return {}
      }),
      calibrate: input => calibrateOnto(shelf, input),
    },
    model: {
      predict: checked('model', 'predict', request => predict(shelf.get(request.profile), request)),
      sweepGather: checked('model', 'sweepGather', request =>
        sweepGather(shelf.get(request.profile), request),
      ),
      published: checked('model', 'published', ({ profile }) =>
        publishedTable(name => shelf.get(profile ?? name)),
      ),
    },
  }
}

function calibrateOnto(shelf: ProfileShelf, input: unknown): Calibration {
  const { run, name } = calibrationRequestSchema.parse(input)
  // Before the fit: it takes its time.
  shelf.refuseBundled(name)
  const calibration = calibrate(shelf.get(calibrationBase), run, name)
  shelf.save(calibration.profile)
  return calibration
}

function checked<T extends ModelTopic, C extends CallOf<T>>(
  topic: T,
  call: C,
  answer: (input: CheckedInput<T, C>) => ReturnType<LabHandlers[T][C]>,
) {
  return (input: unknown) => answer(callSchemas[topic][call].input.parse(input))
}
