// A panel of a dashboard as SVG.
import { overTime, ranking } from './chart.js'
import { color, format, name, palette } from './format.js'
import { fit, text, within } from './svg.js'

const padding = 12
const header = 30

/**
 * @param {object} panel of the dashboard
 * @param {Record<string, object>} answers to its queries, by their ids
 * @param {{From: number, To: number, Interval: number}} time in milliseconds
 */
export function drawPanel(panel, answers, time, width, height) {
  if (panel.type === 'row') return text(4, height - 8, panel.title, { size: 15, weight: 600 })
  const [inner, room] = [width - 2 * padding, height - header - padding]
  return `<rect width="${width}" height="${height}" rx="6" fill="#fff" stroke="#d0d7de"/>` +
    text(padding, 21, fit(panel.title, inner, 14), { size: 13.5, weight: 600 }) +
    within(padding, header, inner, room, kinds[panel.type](panel, answers, time, inner, room))
}

const kinds = {
  timeseries: (panel, answers, time, width, height) => overTime(panel, series(panel, answers), time, width, height),
  bargauge: (panel, answers, _, width, height) => ranking(panel, last(panel, answers), width, height),
  stat: drawStat,
  logs: drawLogs,
}

/** All series of a panel, under their names. */
const series = (panel, answers) => panel.targets.flatMap(target =>
  (answers[target.refId].Series ?? []).map(({ Labels, Points }) => ({ name: name(target, Labels), points: Points.filter(([, value]) => Number.isFinite(value)) })))

const last = (panel, answers) => series(panel, answers).map(({ name, points }) => ({ name, value: points.at(-1)[1] }))

function drawStat(panel, answers, time, width, height) {
  const values = last(panel, answers)
  if (values.length < 2) {
    const value = values[0]?.value ?? 0
    return text(width / 2, height / 2 + 12, format(panel.fieldConfig.defaults.unit, value, time.To),
      { size: 36, weight: 600, color: color(panel, '', value) ?? palette[0], anchor: 'middle' })
  }
  const line = height / values.length
  return values.map(({ name, value }, i) =>
    text(0, line * (i + 0.62), fit(name, width * 0.68, 13), { size: 13 }) +
    text(width, line * (i + 0.62), format(panel.fieldConfig.defaults.unit, value, time.To),
      { size: 17, weight: 600, color: color(panel, name, value) ?? palette[0], anchor: 'end' })).join('')
}

function drawLogs(panel, answers, _, width, height) {
  const line = 19
  const lines = panel.targets.flatMap(target => answers[target.refId].Lines ?? []).sort((a, b) => b.Time - a.Time)
  return lines.slice(0, Math.floor(height / line)).map(({ Time, Text }, i) =>
    text(0, line * i + 13, new Date(Time).toISOString().slice(0, 19).replace('T', ' '), { color: '#57606a' }) +
    text(136, line * i + 13, fit(Text, width - 136))).join('')
}
