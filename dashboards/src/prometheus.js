// Queries of the collector's own metrics in Prometheus, with the names that they have on its page :8888/metrics.
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'

const collectors = 'instance=~"$instance"'

/** A metric of the receiver. */
export const ofReceiver = (name, labels = []) => `otelcol_receiver_user_log_${name}{${[collectors, 'receiver=~"$receiver"', ...labels].join(', ')}}`

/** A metric that the collector has of every receiver. */
export const ofAnyReceiver = name => `otelcol_receiver_${name}{${collectors}, receiver=~"$receiver"}`

/** A metric of the collector or of its exporters. */
export const ofCollector = name => `otelcol_${name}{${collectors}}`

/** How much a counter grows in a second. */
export const rate = metric => `rate(${metric}[$__rate_interval])`

/** How much a counter grew in the time that the dashboard shows. */
export const growth = metric => `sum(increase(${metric}[$__range]))`

/** A query whose answer is one value for each series. */
export const instant = (expr, legend = '') => query(expr, legend).instant()

/** A query whose answer is a value in each interval. */
export const range = (expr, legend) => query(expr, legend).range().interval('$interval')

function query(expr, legend) {
  return new DataqueryBuilder().datasource({ type: 'prometheus', uid: '$datasource' }).expr(expr).legendFormat(legend)
}
