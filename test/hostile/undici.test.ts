import { checkEngine } from './check-engine.ts'

// A client for each connection costs undici 2 ms: a hundred of each take minutes, and the rate must leave it idle time.
checkEngine('undici', { timesEach: 25, eachPerSecond: 10 })
