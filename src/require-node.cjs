// Loaded before everything else, and by any version of Node: an old one cannot read the program at all.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `clausula: needs Node 24.15 or later, and this is ${process.versions.node}; on Linux and Windows "npm ci" brings one along, elsewhere install it from nodejs.org`,
  )
  process.exit(1)
}
// Keeps the compiled program between starts: half the time to the first answer, and no compiler in memory.
require('node:module').enableCompileCache()
