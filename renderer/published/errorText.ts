import { percentText } from '../../engine/stats/figureText.ts'

/** An error with its sign: +5.3 %, -18 %. */
export function signedPercent(fraction: number): string {
  return `${fraction < 0 ? '-' : '+'}${percentText(Math.abs(fraction))}`
}
