import { Command } from 'commander'
import { type Host, print } from '../host.ts'
import { podtankVersion } from '../version.ts'

/** `podtank version`, as kubectl and its plugins have it. */
export const versionCommand = (host: Host): Command =>
  new Command('version')
    .description('print the version')
    .action(() => print(host, `podtank ${podtankVersion()}, Node.js ${process.versions.node}`))
