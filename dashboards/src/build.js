// Writes the dashboards beside this directory. With --check it writes nothing, and fails if they are not what it would write.
import { readFileSync, writeFileSync } from 'node:fs'
import { attack } from './attack.js'
import { health } from './health.js'
import { identity } from './identity.js'

const check = process.argv.includes('--check')

for (const [name, make] of Object.entries({ 'identity-overview': identity, 'attack-view': attack, 'receiver-health': health })) {
  const file = new URL(`../${name}.json`, import.meta.url)
  const text = JSON.stringify(numbered(make().build()), null, 2) + '\n'
  if (!check) {
    writeFileSync(file, text)
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`dashboards/${name}.json is not what dashboards/src makes: run make dashboards`)
    process.exitCode = 1
  }
}

/** Gives every panel an id, which links to a single panel need. */
function numbered(dashboard) {
  dashboard.panels.forEach((panel, i) => { panel.id = i + 1 })
  return dashboard
}
