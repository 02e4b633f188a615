/** Text with its no-break spaces as plain ones, so that a test can be read. */
export function plainSpaces(text: string | undefined): string {
  return (text ?? '').replaceAll('\u00a0', ' ')
}
