// Draws each dashboard as SVG, from what its queries were answered: node src/pictures.js ANSWERS PICTURES, two directories.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawPanel } from './draw/panel.js'
import { within } from './draw/svg.js'

/** Pixels. The grid has 24 columns; a cell and the gap to the next one are as wide and as high as this. */
const cell = { width: 50, height: 36 }
const gap = 8

const [answersDir, picturesDir] = process.argv.slice(2)
mkdirSync(picturesDir, { recursive: true })

for (const name of ['identity-overview', 'attack-view', 'receiver-health']) {
  const dashboard = JSON.parse(readFileSync(new URL(`../${name}.json`, import.meta.url)))
  const answers = JSON.parse(readFileSync(join(answersDir, `${name}.json`)))
  writeFileSync(join(picturesDir, `dashboard-${name}.svg`), draw(dashboard, answers))
}

function draw({ title, panels }, answers) {
  const [width, height] = [24 * cell.width + gap, Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * cell.height + gap]
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">` +
    `<rect width="${width}" height="${height}" rx="8" fill="#f0f2f5"/>` + // its own ground, for pages light and dark
    panels.map(panel => {
      const { x, y, w, h } = panel.gridPos
      const [pw, ph] = [w * cell.width - gap, h * cell.height - gap]
      return within(x * cell.width + gap, y * cell.height + gap, pw, ph, drawPanel(panel, answers.Panels[panel.id], answers, pw, ph))
    }).join('') + '</svg>\n'
}
