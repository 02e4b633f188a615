import { answerOf } from '../findings/answer.ts'
import { answerCases } from '../findings/testing/answerCases.ts'

const introduction = `# What a run says

The sentence and what it rests on, of runs that are made up so that each says one thing. Written by
\`node scripts/answers.ts\`; a test compares it. The rules:

- A plan names its **question** before the first sample: unless told otherwise, the catalogue's first overlapped scheme
  of the plan against its [twin](architecture.md#words), at the largest size. It is tested alone (Mann-Whitney U, exact
  below 50 repeats, ties included) and corrected for no other comparison.
- What is **picked** after looking, such as the fastest of several, is corrected for all pairs it was picked from, and is
  called picked. Repeats that are added after looking count as a look each, and p is multiplied by the looks.
- The **ratio** of times is always shown: the Hodges-Lehmann estimate with the interval of the same test, at the level it
  has. \`~\` in a table stands only where that interval spans 1. Each interval is for its own row alone.
- **Overlapping** is named as the cause only where the twin differs in nothing else (readers, populating threads, page
  size, the kernel's path), more than one gather ran, every load was what it was meant to be, and overlap hid at least
  four fifths of what was saved. What was saved is divided into overlap, reading and allocating.
- **Marks and failures** stand in the sentence, not below it.
`

/** docs/answers.md. */
export function answersDocument(): string {
  const entries = answerCases.map(({ condition, source }, place) => {
    const answer = answerOf(source)
    const { sentence, basis } = answer ?? { sentence: 'Nothing.', basis: '' }
    return `## ${place + 1}. ${condition}\n\n> **${quoted(sentence)}**\n>\n> ${quoted(basis)}\n`
  })
  return [introduction, ...entries].join('\n')
}

function quoted(text: string): string {
  const lines: string[] = ['']
  for (const word of text.replaceAll('~', '\\~').split(' ')) {
    const last = lines.length - 1
    const longer = lines[last] === '' ? word : `${lines[last]} ${word}`
    if (longer.length <= 112) lines[last] = longer
    else lines.push(word)
  }
  return lines.join('\n> ')
}
