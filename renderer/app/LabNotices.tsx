import { useState } from 'react'
import { useLab } from '../lab/labStore.ts'

/** What the lab wants known at once: a database kept aside, an agent that is not built. */
export function LabNotices() {
  const linkUp = useLab(state => state.linkUp)
  return (
    <>
      {!linkUp && <LinkDown />}
      <StoreNotices />
    </>
  )
}

function LinkDown() {
  return (
    <div className="banner" role="alert">
      <p>
        The link to the lab dropped. What was measured is kept; what is shown is how it was last. This page
        reconnects by itself. If the lab was ended, start it again and open the address that its terminal
        prints.
      </p>
    </div>
  )
}

function StoreNotices() {
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
