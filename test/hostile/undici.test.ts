import { checkEngine } from './check-engine.ts'

checkEngine('undici')
