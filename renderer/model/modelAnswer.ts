import { type Outcome, toLabError } from '../../contract/error.ts'
import type { GatherRequest, GatherSweep, Prediction, PredictionRequest } from '../../contract/model.ts'
import type { Profile } from '../../contract/profile.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { predict, sweepGather } from '../../model/prediction.ts'
import { type Knobs, predictionRequest } from './modelStore.ts'

// The model runs in the page, by the same functions as `lab predict`: to ask an engine process takes longer than a
// frame, and the curves are to move with the slider.

/** What the model says of every scheme where the sliders stand. */
export type Predicted = {
  readonly request: PredictionRequest
  readonly predictions: readonly Prediction[]
}

export type Swept = { readonly scheme: SchemeId; readonly sweep: GatherSweep }

export function predictAt(knobs: Knobs, profile: Profile): Outcome<Predicted> {
  return attempt(() => {
    const request = predictionRequest(knobs, profile)
    return { request, predictions: predict(profile, request) }
  })
}

/** A sweep of one scheme through all gather sizes. */
export function sweepAt(request: GatherRequest, profile: Profile): Outcome<Swept> {
  return attempt(() => ({ scheme: request.scheme, sweep: sweepGather(profile, request) }))
}

function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() }
  } catch (thrown) {
    return { ok: false, error: toLabError(thrown) }
  }
}
