// The kinds of panels, each with the settings that all of its kind have.
import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeSizing, BigValueColorMode, BigValueGraphMode, BigValueTextMode,
  GraphDrawStyle, LegendDisplayMode, LegendPlacement, LogsSortOrder, ReduceDataOptionsBuilder, SortOrder, StackingConfigBuilder,
  StackingMode, TooltipDisplayMode, VisibilityMode, VizLegendOptionsBuilder, VizOrientation, VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId, RowBuilder, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as Logs } from '@grafana/grafana-foundation-sdk/logs'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'

/** Of 24 columns; 8 rows are about 300 pixels. */
const heights = { stat: 4, graph: 8, logs: 8 }

/**
 * @typedef {object} About what a panel is
 * @property {string} title
 * @property {string} description
 * @property {string} [unit] an id of Grafana's; `short` is a plain number
 * @property {number} width of 24 columns
 * @property {string} [color] of all of it
 * @property {boolean} [each] whether its series have names
 * @property {boolean} [alarm] green while it is 0, and red else
 * @property {Record<string, string>} [colors] by a regular expression of the names of series
 */

/** A heading over the panels that follow it. */
export const heading = title => new RowBuilder(title)

/**
 * One number, or one for each series.
 * @param {About} about
 */
export function stat(about, ...targets) {
  return common(new Stat(), about, targets).height(heights.stat)
    .reduceOptions(lastValue())
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(about.each ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .noValue('0') // a count of nothing is an empty answer
}

/**
 * The largest first, a bar for each.
 * @param {About} about
 */
export function ranking(about, ...targets) {
  return common(new BarGauge(), about, targets).height(heights.graph)
    .reduceOptions(lastValue())
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .namePlacement(BarGaugeNamePlacement.Left)
    .sizing(BarGaugeSizing.Auto)
    .min(0)
}

/**
 * Counts over time, stacked.
 * @param {About} about
 */
export function bars(about, ...targets) {
  return timeSeries(about, targets)
    .drawStyle(GraphDrawStyle.Bars).fillOpacity(80).lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
}

/**
 * Values over time.
 * @param {About} about
 */
export function lines(about, ...targets) {
  return timeSeries(about, targets).drawStyle(GraphDrawStyle.Line).lineWidth(1).fillOpacity(10)
}

/**
 * Entries, the newest first.
 * @param {About} about
 */
export function logs(about, ...targets) {
  return common(new Logs(), about, targets).height(heights.logs)
    .showTime(true).wrapLogMessage(true).enableLogDetails(true).sortOrder(LogsSortOrder.Descending)
}

function timeSeries(about, targets) {
  return common(new TimeSeries(), about, targets).height(heights.graph)
    .min(0)
    .showPoints(VisibilityMode.Never)
    .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).showLegend(true))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
}

function common(panel, { title, description, unit = 'short', width, alarm = false, color, colors = {} }, targets) {
  panel.title(title).description(description).unit(unit).span(width)
    .datasource(targets[0].build().datasource)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(alarm ? alarms : calm))
  if (alarm) panel.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds)).decimals(0)
  if (color) panel.colorScheme(fixed(color))
  for (const [name, own] of Object.entries(colors)) {
    panel.overrideByRegexp(name, [{ id: 'color', value: fixed(own).build() }])
  }
  targets.forEach((target, i) => panel.withTarget(target.refId(String.fromCharCode(65 + i))))
  return panel
}

/** A panel without thresholds gets Grafana's, of which the second, red, begins at 80. */
const calm = [{ value: null, color: 'blue' }]

/** Prometheus extrapolates increases: that of one event may be less than 1. */
const alarms = [{ value: null, color: 'green' }, { value: 0.1, color: 'red' }]

const fixed = color => new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color)

const lastValue = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)
