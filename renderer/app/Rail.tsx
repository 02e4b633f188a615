import { themeChoices } from '../../contract/desktop.ts'
import { hashOf } from '../base/route.ts'
import { useStore } from '../base/store.ts'
import { chooseTheme, themeStore } from '../base/theme.ts'
import { runningRuns } from '../lab/labState.ts'
import { useLab } from '../lab/labStore.ts'
import { progressText } from './progressText.ts'
import { views } from './views.ts'

export function Rail({ current }: { current: string }) {
  return (
    <nav className="rail" aria-label="Views">
      {views.map((view, index) => (
        <a
          key={view.id}
          href={hashOf(view.id)}
          aria-current={view.id === current ? 'page' : undefined}
          title={`${view.title} (${index + 1})`}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={view.icon} />
          </svg>
          {view.title}
          {view.id === 'bench' && <RunningCount />}
        </a>
      ))}
      <span className="spring" />
      <ThemeButton />
    </nav>
  )
}

/** How far the runs in progress are, in sight from every view. */
function RunningCount() {
  const runs = useLab(state => state.runs)
  const progress = progressText(runningRuns(runs))
  return progress === '' ? null : <small className="count">{progress}</small>
}

function ThemeButton() {
  const choice = useStore(themeStore, state => state.choice)
  const next = themeChoices[(themeChoices.indexOf(choice) + 1) % themeChoices.length] ?? 'system'
  return (
    <button
      type="button"
      className="theme"
      title={`Colours: ${choice}. Click for ${next}.`}
      aria-label={`Colours: ${choice}`}
      onClick={() => chooseTheme(next)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="5.5" />
        <path className="filled" d="M8 2.5a5.5 5.5 0 0 1 0 11z" />
      </svg>
      {choice}
    </button>
  )
}
