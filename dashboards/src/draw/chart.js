// Charts by ECharts, drawn to SVG without a browser.
import * as echarts from 'echarts'
import { color, format, palette } from './format.js'
import { fit, font, wide } from './svg.js'

const grey = '#57606a'
const line = '#d8dee4'

const nameSize = 11.5
const legendSize = 11

/** Pixels beside a chart over time, and of a line of its legend. */
const [left, right, legendLine] = [70, 12, 26]

/**
 * Values over time: bars that are stacked, or lines.
 * @param {object} panel of the dashboard
 * @param {{name: string, points: [number, number][]}[]} series
 * @param {{From: number, To: number, Interval: number}} time in milliseconds
 */
export function overTime(panel, series, time, width, height) {
  const bars = panel.fieldConfig.defaults.custom.drawStyle === 'bars'
  const legend = legendLines(series, width) * legendLine
  return draw(width, height, {
    color: palette,
    grid: { left, right, top: 8, bottom: legend + 26 },
    xAxis: {
      type: 'time', min: time.From, max: time.To,
      axisLine: { lineStyle: { color: line } }, axisLabel: { color: grey, hideOverlap: true, formatter: label(time) },
    },
    yAxis: {
      type: 'value', min: 0, splitNumber: 4,
      splitLine: { lineStyle: { color: line } }, axisLabel: { color: grey, formatter: value => format(panel.fieldConfig.defaults.unit, value) },
    },
    legend: { bottom: 3, left: 0, right: 0, padding: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 8, itemGap: 12, formatter: name => `${name}\u2003`, textStyle: { color: grey, fontSize: legendSize } },
    series: series.map(({ name, points }) => ({
      name, type: bars ? 'bar' : 'line', stack: bars ? 'all' : undefined, showSymbol: false, barWidth: bars ? barWidth(time, width) : undefined,
      lineStyle: { width: 1.5 }, areaStyle: bars ? undefined : { opacity: 0.08 }, itemStyle: { color: color(panel, name, 0) },
      data: bars ? everyBar(points, time) : points,
    })),
  })
}

/** Bars that lie below each other, each with its name and its value. */
export function ranking(panel, values, width, height) {
  const names = Math.min(width * 0.55, Math.max(...values.map(({ name }) => wide(name, nameSize))) + 14)
  return draw(width, height, {
    grid: { left: names, right: 52, top: 2, bottom: 2 },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category', inverse: true, data: values.map(({ name }) => fit(name, names - 12, nameSize)),
      axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: '#24292f', fontSize: nameSize },
    },
    series: [{
      type: 'bar', barMaxWidth: 20, barWidth: '62%',
      label: { show: true, position: 'right', color: '#24292f', formatter: ({ value }) => format(panel.fieldConfig.defaults.unit, value) },
      data: values.map(({ name, value }) => ({ value, itemStyle: { color: color(panel, name, value) ?? palette[0] } })),
    }],
  })
}

/**
 * A value for every interval: ECharts stacks by number, not by time. Loki answers at multiples of the interval, for the time
 * before each.
 */
function everyBar(points, { From, To, Interval }) {
  const values = new Map(points)
  const first = Math.ceil(From / Interval)
  return Array.from({ length: Math.ceil(To / Interval) - first + 1 }, (_, i) => (first + i) * Interval)
    .map(at => [at - Interval / 2, values.get(at) ?? 0])
}

/** How many lines the names of the series take. */
const legendLines = (series, width) => Math.ceil(series.reduce((sum, { name }) => sum + wide(name, legendSize) + 40, 0) / width)

const barWidth = (time, width) => Math.max(1, (width - left - right) * time.Interval / (time.To - time.From) - 1)

/** Hours and minutes in UTC, and seconds where little time is shown. */
const label = time => at => new Date(at).toISOString().slice(11, time.To - time.From < 600_000 ? 19 : 16)

function draw(width, height, option) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, textStyle: { fontFamily: font }, ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
    .replace(/^<svg[^>]*>\s*(<rect[^>]*><\/rect>)?|<\/svg>\s*$/g, '') // what is around it has both
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '') // for scripts, which a picture has none of
    .replace(/ (d|x|y|transform)="[^"]*"/g, attribute => attribute.replace(/-?\d+\.\d{3,}/g, number => String(Number(Number(number).toFixed(2)))))
}
