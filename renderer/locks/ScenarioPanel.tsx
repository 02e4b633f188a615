import { examples, setScenarioText } from './scenarioStore.ts'

/** The scenario as it is written: an example, a file, or by hand. */
export function ScenarioPanel({ text }: { text: string }) {
  const chosen = examples.findIndex(example => example.text === text)
  return (
    <aside className="side" aria-label="Scenario">
      <label className="labelled">
        example
        <select
          value={chosen}
          onChange={event => setScenarioText(examples[Number(event.target.value)]?.text ?? text)}
        >
          {chosen < 0 && <option value={-1}>a scenario of your own</option>}
          {examples.map(({ title }, index) => (
            <option key={title} value={index}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className="button">
        Open a file
        <input
          className="unseen"
          type="file"
          accept="application/json,.json"
          onChange={async event => {
            const input = event.currentTarget
            const file = input.files?.[0]
            if (file !== undefined) setScenarioText(await file.text())
            input.value = ''
          }}
        />
      </label>
      <textarea
        className="scenario"
        aria-label="Scenario, as JSON"
        spellCheck={false}
        value={text}
        onChange={event => setScenarioText(event.target.value)}
      />
      <p className="hint quiet">
        Threads, each a list of steps over locks and fences. docs/fence-locks.md has the form;{' '}
        <code>lab locks FILE</code> says the same in a terminal.
      </p>
    </aside>
  )
}
