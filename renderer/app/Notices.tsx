import './notices.css'
import { dismiss, type Notice, noticeStore } from '../base/notices.ts'
import { useStore } from '../base/store.ts'

export function Notices() {
  const notices = useStore(noticeStore, state => state)
  return (
    <div className="notices">
      {notices.map(notice => (
        <NoticePanel key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

function NoticePanel({ notice }: { notice: Notice }) {
  return (
    <div className={`notice ${notice.tone}`} role={notice.tone === 'bad' ? 'alert' : 'status'}>
      <div>
        <p>{notice.message}</p>
        {notice.hint !== '' && <p className="quiet">{notice.hint}</p>}
      </div>
      {notice.action !== null && (
        <button type="button" onClick={notice.action.run}>
          {notice.action.title}
        </button>
      )}
      <button type="button" className="plain" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
        ×
      </button>
    </div>
  )
}
