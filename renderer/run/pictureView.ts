import { useMemo, useState } from 'react'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { changeSettings, useRestingSetting, useSetting } from '../base/useRoute.ts'
import type { Domain } from '../charts/kit/axisGrowth.ts'

/** How the picture and the why are set. */
export type PictureView = {
  /** Of the pair that was chosen; `null`: the one to open on. */
  readonly scheme: SchemeId | null
  /** Size of the why that is open; `null` for none, `first` until a person chose. */
  readonly opened: number | 'first' | null
}

export type ShownPicture = PictureView & {
  /** Another pair or size is shown whole. */
  readonly choose: (change: Partial<PictureView>) => void
  /** It is the picture of the page: the address says how it is set. */
  readonly isAddressed: boolean
}

/** For a picture among others, set while it is in sight. */
export function useLocalPicture(): ShownPicture {
  const [view, setView] = useState<PictureView>({ scheme: null, opened: 'first' })
  return {
    ...view,
    choose: change => setView(before => ({ ...before, ...change })),
    isAddressed: false,
  }
}

/** For the picture of a page: set as its address says. */
export function useAddressedPicture(): ShownPicture {
  const [pair] = useSetting('pair')
  const [why] = useSetting('why')
  return {
    scheme: schemeIds.find(scheme => scheme === pair) ?? null,
    opened: openedOf(why),
    choose: ({ scheme, opened }) =>
      changeSettings({
        ...(scheme === undefined ? {} : { pair: scheme ?? '' }),
        ...(opened === undefined ? {} : { why: openedText(opened) }),
        zoom: '',
      }),
    isAddressed: true,
  }
}

/**
 * Part of the why's time axis, in ns; `null`: all of it. It changes with every move of a drag, so it is kept where
 * nothing but the why is drawn anew.
 */
export function useWhyZoom(
  isAddressed: boolean,
): readonly [zoom: Domain | null, onZoom: (zoom: Domain | null) => void] {
  const [told, tell] = useRestingSetting('zoom')
  const [held, hold] = useState<Domain | null>(null)
  const zoom = useMemo(() => zoomOf(told), [told])
  return isAddressed ? [zoom, next => tell(textOfZoom(next))] : [held, hold]
}

const closed = 'closed'

function openedOf(text: string): PictureView['opened'] {
  if (text === closed) return null
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 'first'
}

function openedText(opened: PictureView['opened']): string {
  if (opened === null) return closed
  return opened === 'first' ? '' : String(opened)
}

/** `12000-34000`, in ns; `null` for any other text. */
export function zoomOf(text: string): Domain | null {
  const [, min, max] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  const zoom = { min: Number(min), max: Number(max) }
  return zoom.min < zoom.max ? zoom : null
}

export function textOfZoom(zoom: Domain | null): string {
  return zoom === null ? '' : `${Math.round(zoom.min)}-${Math.round(zoom.max)}`
}
