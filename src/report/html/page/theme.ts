/** The button that turns dark into light and back; without it the system's choice holds. */
export function wireTheme(onChange: () => void): void {
  const button = document.getElementById('theme')
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const root = document.documentElement
  const isDark = () => (root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark'
  const label = () => {
    if (button) button.textContent = isDark() ? '☀ Light' : '☾ Dark'
    onChange()
  }
  button?.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark'
    label()
  })
  system.addEventListener('change', label)
  label()
}

const probe = document.createElement('i')

/** The present value of a colour of the style sheet, by its name without dashes, as a canvas understands it. */
export function colour(name: string): string {
  if (!probe.isConnected) document.body.append(probe)
  probe.style.color = `var(--${name})`
  return getComputedStyle(probe).color
}
