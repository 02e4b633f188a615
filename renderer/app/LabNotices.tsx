import { useState } from 'react'
import { useLab } from '../lab/labStore.ts'

/** What the lab wants known at once: a database kept aside, an agent that is not built. */
export function LabNotices() {
  const notices = useLab(state => state.info?.notices ?? none)
  const [hidden, setHidden] = useState(false)
  if (notices.length === 0 || hidden) return null
  return (
    <div className="banner" role="status">
      <ul>
        {notices.map(notice => (
          <li key={notice}>{notice}</li>
        ))}
      </ul>
      <button type="button" className="plain" aria-label="Hide" onClick={() => setHidden(true)}>
        ×
      </button>
    </div>
  )
}

const none: readonly string[] = []
