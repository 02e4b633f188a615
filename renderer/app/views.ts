import type { ComponentType } from 'react'
import type { ViewProps } from '../base/viewProps.ts'
import { BenchView } from '../bench/BenchView.tsx'
import { CompareView } from '../compare/CompareView.tsx'
import { DevicesView } from '../devices/DevicesView.tsx'
import { LocksView } from '../locks/LocksView.tsx'
import { ModelView } from '../model/ModelView.tsx'
import { PublishedView } from '../published/PublishedView.tsx'
import { RunsRoute } from '../runs/RunsRoute.tsx'

export type View = {
  /** Its name in the address bar. */
  readonly id: string
  readonly title: string
  /** A 16 x 16 stroke path. */
  readonly icon: string
  readonly Component: ComponentType<ViewProps>
}

/** Every view, in the order of the rail and of the digit keys. A new view is a new line here. */
export const views: readonly View[] = [
  { id: 'bench', title: 'Bench', icon: 'M2 13V8M6 13V3M10 13V6M14 13V9', Component: BenchView },
  { id: 'runs', title: 'Runs', icon: 'M2 4h12M2 8h12M2 12h8', Component: RunsRoute },
  { id: 'compare', title: 'Compare', icon: 'M2 3v10M14 3v10M5 5h6M7 8h4M5 11h3', Component: CompareView },
  {
    id: 'model',
    title: 'Model',
    icon: 'M2 4h12M2 8h12M2 12h12M5 2.5v3M10 6.5v3M7 10.5v3',
    Component: ModelView,
  },
  {
    id: 'published',
    title: 'Published',
    icon: 'M8 2l3 3.5-3 3.5-3-3.5zM2 13h12M2 11v2',
    Component: PublishedView,
  },
  { id: 'locks', title: 'Locks', icon: 'M4 7h8v6H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2', Component: LocksView },
  { id: 'devices', title: 'Devices', icon: 'M5 1.5h6v13H5zM7.5 12.5h1', Component: DevicesView },
]
