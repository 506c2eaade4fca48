import { Argument, Command } from 'commander'
import { jsonSchemaOf } from '../json-schema.ts'
import { type Host, print } from '../host.ts'

/** `podtank schema`. */
export function schemaCommand(host: Host): Command {
  return new Command('schema')
    .description('print the JSON Schema of a file format')
    .addArgument(new Argument('[format]').choices(['scenario', 'result']).default('scenario'))
    .action((format: 'scenario' | 'result') => print(host, jsonSchemaOf(format)))
}
