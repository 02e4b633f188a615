import { type ReactNode, useState } from 'react'
import { wrongToken } from '../../contract/frame.ts'
import { useLab } from '../lab/labStore.ts'

/** What the lab wants known at once: a database kept aside, an agent that is not built. */
export function LabNotices() {
  const link = useLab(state => state.link)
  return (
    <>
      {link === 'down' && (
        <Alert>
          The link to the lab dropped. What was measured is kept; what is shown is how it was last. This page
          reconnects by itself. If the lab was ended, start it again and open the address that its terminal
          prints.
        </Alert>
      )}
      {link === 'refused' && (
        <Alert>
          {wrongToken.message}. {wrongToken.hint}
        </Alert>
      )}
      <StoreNotices />
    </>
  )
}

function Alert({ children }: { children: ReactNode }) {
  return (
    <div className="banner" role="alert">
      <p>{children}</p>
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
