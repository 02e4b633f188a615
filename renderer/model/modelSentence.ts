import type { GatherSweep, Prediction } from '../../contract/model.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { percentText, sizeText, timeText } from '../../findings/words/figureText.ts'

/** What the model says at the file's size: the fastest scheme, and what the gather size does to the swept one. */
export function modelSentence(
  predictions: readonly Prediction[],
  bytes: number,
  swept: { readonly scheme: SchemeId; readonly sweep: GatherSweep } | null,
): string {
  const rows = predictions.filter(row => row.bytes === bytes && row.totalNs !== null)
  const fastest = rows.reduce<Prediction | null>(
    (best, row) => (best === null || (row.totalNs ?? 0) < (best.totalNs ?? 0) ? row : best),
    null,
  )
  if (fastest === null || fastest.totalNs === null) return 'None of these schemes can load this file.'
  const won =
    fastest.overlapWon === null ? '' : `, with ${percentText(fastest.overlapWon)} of the overlap won`
  const first = `At ${sizeText(bytes)} ${fastest.scheme} is fastest: ${timeText(fastest.totalNs)}${won}.`
  return swept === null ? first : `${first} ${gatherSentence(swept.scheme, swept.sweep)}`
}

function gatherSentence(scheme: SchemeId, { bestBytes, flatFromBytes, flatToBytes }: GatherSweep): string {
  if (flatFromBytes === flatToBytes) return `${scheme} wants a gather of ${sizeText(bestBytes)}.`
  return `For ${scheme} any gather from ${sizeText(flatFromBytes)} to ${sizeText(flatToBytes)} is within 2 % of the best.`
}
