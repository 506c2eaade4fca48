/** Edit distance (Levenshtein), for "did you mean". */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (const [leftAt, leftCharacter] of left.split('').entries()) {
    let diagonal = leftAt
    const next = [leftAt + 1]
    for (const [rightAt, rightCharacter] of right.split('').entries()) {
      const above = row[rightAt + 1] ?? 0
      const cost = leftCharacter === rightCharacter ? diagonal : diagonal + 1
      next.push(Math.min(cost, above + 1, (next[rightAt] ?? 0) + 1))
      diagonal = above
    }
    row = next
  }
  return row[right.length] ?? 0
}

/** The known word that was probably meant, or undefined when none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((left, right) => left.distance - right.distance)
  const best = ranked[0]
  return best && best.distance <= Math.max(2, Math.floor(best.candidate.length / 3))
    ? best.candidate
    : undefined
}
