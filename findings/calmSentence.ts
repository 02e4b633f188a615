/** What a headline claims: its words without its figures. */
export function claimOf(sentence: string): string {
  return sentence.replaceAll(/(?<![\w-])-?\d+(\.\d+)?( ?(%|[kMGT]i?B(\/s)?|ns|µs|ms|s|B))?(?![\w-])/g, '#')
}

/**
 * The sentence to show while samples stream in: the one that stands, as long as the new one claims the same. Figures that
 * flicker with each sample are no news; they stand in what the sentence rests on.
 */
export function calmSentence(standing: string | null, next: string): string {
  return standing !== null && claimOf(standing) === claimOf(next) ? standing : next
}
