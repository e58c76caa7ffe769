// How Grafana writes values and series, as far as these dashboards need it.

const colors = { green: '#3fa34d', red: '#d64545', orange: '#e8912d', blue: '#3d7fd9', gray: '#8c959f', 'dark-red': '#8f1d1d' }

/** Colours of series that have none of their own. */
export const palette = ['#3d7fd9', '#3fa34d', '#e8912d', '#d64545', '#8a63d2', '#1b998b', '#c2577b', '#b8a12f', '#5c6b7a', '#7fb3d5']

/** The colour that a panel gives a value, or undefined. */
export function color(panel, name, value) {
  for (const { matcher, properties } of panel.fieldConfig.overrides) {
    const [, pattern, flags] = /^\/(.*)\/(\w*)$/.exec(matcher.options) ?? [null, `^(${matcher.options})$`, '']
    if (new RegExp(pattern, flags).test(name)) return colors[properties[0].value.fixedColor]
  }
  const { color: chosen, thresholds } = panel.fieldConfig.defaults
  if (chosen?.mode === 'fixed') return colors[chosen.fixedColor]
  if (chosen?.mode === 'thresholds') return colors[thresholds.steps.findLast(step => step.value === null || value >= step.value).color]
}

/** The name of a series by the legend of its query. */
export function name(target, labels) {
  return (target.legendFormat ?? '').replace(/{{(\w+)}}/g, (_, label) => labels[label] ?? '').trim()
}

/** A value in the unit of a panel; now is what a time is compared with. */
export function format(unit, value, now) {
  switch (unit) {
    case 'percentunit': return `${round(100 * value)} %`
    case 's': return seconds(value)
    case 'bytes': return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB'])
    case 'Bps': return `${scaled(value, 1000, ['B', 'kB', 'MB'])}/s`
    case 'reqps': return `${scaled(value, 1000, ['', 'K', 'M'])} req/s`
    case 'eps': return `${scaled(value, 1000, ['', 'K', 'M'])} evt/s`
    case 'dateTimeFromNow': return `${seconds((now - value) / 1000)} ago`
    default: return scaled(value, 1000, ['', 'K', 'M'])
  }
}

const round = value => String(Number(value.toPrecision(3)))

function scaled(value, base, suffixes) {
  let i = 0
  for (; Math.abs(value) >= base && i < suffixes.length - 1; i++) value /= base
  return suffixes[i] ? `${round(value)} ${suffixes[i]}` : round(value)
}

function seconds(value) {
  if (value === 0) return '0 s'
  if (value < 1) return `${round(1000 * value)} ms`
  if (value < 120) return `${round(value)} s`
  return value < 7200 ? `${round(value / 60)} min` : `${round(value / 3600)} h`
}
