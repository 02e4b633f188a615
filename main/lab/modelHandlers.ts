import {
  type CallOf,
  type CallOutput,
  callSchemas,
  callsOf,
  type LabHandlers,
  type Topic,
} from '../../contract/calls.ts'
import type { ModelQuestion, ModelTopic } from '../../contract/engine.ts'
import type { RunDetail } from '../../contract/run.ts'

export type ModelParts = {
  /** Asks an engine process. */
  readonly ask: (question: ModelQuestion) => Promise<unknown>
  readonly getRun: (runId: number) => RunDetail
  readonly profilesChanged: () => Promise<void>
}

/** The calls about profiles and the model. All of the work is the engine's, so the table itself says what is asked. */
export function modelHandlers({ ask, getRun, profilesChanged }: ModelParts): Pick<LabHandlers, ModelTopic> {
  const profiles = forwarded('profiles', ask)
  const calibrate = forwardedCall('profiles', 'calibrate', ask)
  const thenTell =
    <I, O>(change: (input: I) => O | Promise<O>) =>
    async (input: I) => {
      const answer = await change(input)
      await profilesChanged()
      return answer
    }
  return {
    model: forwarded('model', ask),
    profiles: {
      ...profiles,
      save: thenTell(profiles.save),
      delete: thenTell(profiles.delete),
      // The engine does not read the store: the run goes along.
      calibrate: thenTell(({ runId, name }) => calibrate({ run: getRun(runId), name })),
    },
  }
}

function forwarded<T extends ModelTopic>(topic: T, ask: ModelParts['ask']): LabHandlers[T] {
  const handlers = Object.fromEntries(callsOf(topic).map(call => [call, forwardedCall(topic, call, ask)]))
  if (!servesAll(topic, handlers)) throw new Error(`the topic ${topic} is incomplete`)
  return handlers
}

function servesAll<T extends Topic>(
  topic: T,
  handlers: Record<string, unknown>,
): handlers is Record<string, unknown> & LabHandlers[T] {
  return callsOf(topic).every(call => handlers[call] !== undefined)
}

function forwardedCall<T extends ModelTopic, C extends CallOf<T>>(topic: T, call: C, ask: ModelParts['ask']) {
  return async (input: unknown): Promise<CallOutput<T, C>> =>
    callSchemas[topic][call].output.parse(await ask({ topic, call, input }))
}
