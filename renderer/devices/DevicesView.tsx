import './devices.css'
import { useState } from 'react'
import { useLab } from '../lab/labStore.ts'
import { DeviceDetail } from './DeviceDetail.tsx'
import { DeviceList } from './DeviceList.tsx'

/** Every target: state, what can run there and why not, environment, ceiling, last run. */
export function DevicesView() {
  const targets = useLab(state => state.targets)
  const [chosen, setChosen] = useState<string | null>(null)
  if (targets === null) return <p className="empty">Looking for targets…</p>
  const target = targets.find(candidate => candidate.id === chosen) ?? targets[0]
  return (
    <div className="page">
      <header className="bar">
        <h1>Devices</h1>
        <span className="quiet">Plugging and unplugging shows here by itself.</span>
      </header>
      <div className="columns">
        <DeviceList targets={targets} chosen={target?.id ?? null} onChoose={setChosen} />
        {target !== undefined && <DeviceDetail key={target.id} target={target} />}
      </div>
    </div>
  )
}
