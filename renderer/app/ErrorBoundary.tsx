import { Component, type ReactNode } from 'react'
import { toLabError } from '../../contract/error.ts'

type Props = { readonly children: ReactNode }
type State = { readonly thrown: unknown; readonly failed: boolean }

/** Catches a fault of a view. What was measured is in the store already, so the message can say so. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { thrown: null, failed: false }

  static getDerivedStateFromError(thrown: unknown): State {
    return { thrown, failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    const error = toLabError(this.state.thrown)
    return (
      <section className="empty" role="alert">
        <h2>This view failed</h2>
        <p>{error.message}</p>
        <p>Every sample that was measured is stored, and a run in progress goes on.</p>
        <button type="button" onClick={() => this.setState({ thrown: null, failed: false })}>
          Open the view again
        </button>
      </section>
    )
  }
}
