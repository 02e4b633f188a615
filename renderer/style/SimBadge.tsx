export function SimBadge() {
  return (
    <abbr className="sim" title="Simulated, not measured">
      SIM
    </abbr>
  )
}
