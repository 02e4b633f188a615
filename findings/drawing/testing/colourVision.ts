type Triple = readonly [number, number, number]

export const visions = ['normal', 'protanopia', 'deuteranopia', 'tritanopia'] as const
export type Vision = (typeof visions)[number]

/** Machado, Oliveira and Fernandes 2009, severity 1: linear RGB as it is seen. */
const machado: Record<Exclude<Vision, 'normal'>, readonly [Triple, Triple, Triple]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function linearRgb(hex: string): Triple {
  const channel = (from: number) => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function dot([a, b, c]: Triple, [x, y, z]: Triple): number {
  return a * x + b * y + c * z
}

function seen(rgb: Triple, vision: Vision): Triple {
  if (vision === 'normal') return rgb
  const [red, green, blue] = machado[vision]
  const within = (value: number) => Math.min(1, Math.max(0, value))
  return [within(dot(red, rgb)), within(dot(green, rgb)), within(dot(blue, rgb))]
}

/** Ottosson 2020, from linear sRGB. */
function oklab(rgb: Triple): Triple {
  const cones: Triple = [
    Math.cbrt(dot([0.4122214708, 0.5363325363, 0.0514459929], rgb)),
    Math.cbrt(dot([0.2119034982, 0.6806995451, 0.1073969566], rgb)),
    Math.cbrt(dot([0.0883024619, 0.2817188376, 0.6299787005], rgb)),
  ]
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], cones),
    dot([1.9779984951, -2.428592205, 0.4505937099], cones),
    dot([0.0259040371, 0.7827717662, -0.808675766], cones),
  ]
}

/** How far two colours are apart for such an eye, in OKLab; 0.02 can just be told apart side by side. */
export function distance(a: string, b: string, vision: Vision): number {
  const [first, second] = [a, b].map(hex => oklab(seen(linearRgb(hex), vision)))
  if (first === undefined || second === undefined) return 0
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2])
}

/** Hue in degrees; `null` for a grey. */
export function hueOf(hex: string): number | null {
  const [, a, b] = oklab(linearRgb(hex))
  if (Math.hypot(a, b) < 0.02) return null
  return ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360
}

/** The angle between two hues, in degrees. */
export function hueAngle(a: number, b: number): number {
  const difference = Math.abs(a - b) % 360
  return Math.min(difference, 360 - difference)
}
