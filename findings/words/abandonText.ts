/** What a person must know before a run is taken from its lab. */
export const abandonRisk =
  'If the lab that measures there is alive after all, its next sample is refused, and until then two may measure at once.'
