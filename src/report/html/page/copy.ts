/** Lets each copy button put the YAML beside it on the clipboard. */
export function wireCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) {
    button.addEventListener('click', () => {
      const code = button.parentElement?.querySelector('code')
      if (code) void copyText(code).then((isCopied) => tell(button, isCopied))
    })
  }
}

/** From a file some browsers refuse the clipboard: the text is selected then, ready for the keyboard. */
async function copyText(code: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(`${code.textContent}\n`)
    return true
  } catch {
    window.getSelection()?.selectAllChildren(code)
    return false
  }
}

function tell(button: HTMLButtonElement, isCopied: boolean): void {
  button.textContent = isCopied ? '✓ Copied' : 'Selected: press Ctrl+C'
  window.setTimeout(() => {
    button.textContent = 'Copy'
  }, 2_000)
}
