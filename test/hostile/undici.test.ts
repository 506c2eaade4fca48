import { checkEngine } from './check-engine.ts'

// A client for each connection costs undici 2 ms, so a hundred of each take minutes. The rate is low for a second reason:
// at 40 of each a second, which overloads it, a tenth of the RSTs after the first byte were told as FIN, and in a body
// until close as ok. Why is not known.
checkEngine('undici', { timesEach: 25, eachPerSecond: 10 })
