// Whether the receivers read, and whether what they read arrives.
import { choice, dashboard, datasource, fill, interval } from './dashboard.js'
import { heading, lines, stat } from './panel.js'
import { growth, instant, ofAnyReceiver, ofCollector, ofReceiver, range, rate } from './prometheus.js'

const users = 'otelcol_receiver_user_log_users'
const statusClasses = { '2xx': 'green', '3xx': 'blue', '4xx': 'orange', '5xx': 'red', none: 'dark-red' }

export function health() {
  const result = dashboard({
    uid: 'userlog-health', title: 'User logs: receiver health', from: 'now-3h',
    description: 'How far behind the receivers are, what they read, and whether it is delivered, from the collector\'s own metrics in Prometheus.',
  })
    .variables([
      datasource('prometheus'),
      choice('instance', 'Collector', 'prometheus', labelValues('instance')),
      choice('receiver', 'Receiver', 'prometheus', labelValues('receiver')),
      interval(),
    ])
  return fill(result, [...totals(), ...lag(), ...reading(), ...delivery(), ...process()])
}

/** The values of a label; 1 is Grafana's code for that. */
const labelValues = label => ({ refId: label, qryType: 1, query: `label_values(${users}, ${label})` })

const totals = () => [
  stat({
    title: 'Oldest newest entry', width: 4, unit: 's', color: 'blue',
    description: 'Age of the newest entry of the receiver that is furthest behind.',
  }, instant(`max(${ofReceiver('newest_entry_age')})`)),
  stat({
    title: 'Logs read', width: 4, color: 'blue',
    description: 'Logs of users, accounts and tenants that are read.',
  }, instant(`sum(${ofReceiver('users')})`)),
  stat({
    title: 'Gaps', width: 4, alarm: true,
    description: 'Spans of a log that the API could no longer give. A log line and a record say which.',
  }, instant(growth(ofReceiver('gaps')))),
  stat({
    title: 'Refused for good', width: 4, alarm: true,
    description: 'Entries that the next consumer refused for good: they are not delivered.',
  }, instant(growth(ofReceiver('entries_refused')))),
  stat({
    title: 'Unreadable answers', width: 4, alarm: true,
    description: 'Answers of the API that were dropped whole, and are asked for again.',
  }, instant(growth(ofReceiver('responses_rejected')))),
  stat({
    title: 'Unusable cursors', width: 4, alarm: true,
    description: 'Stored cursors that could not be used: their logs were read again from the lookback.',
  }, instant(growth(ofReceiver('cursors_rejected')))),
]

const lag = () => [
  lines({
    title: 'Age of the newest entry', width: 12, unit: 's',
    description: 'How old the newest delivered entry is. It grows while nothing happens in the source, and when nothing arrives from it.',
  }, range(`max by (receiver) (${ofReceiver('newest_entry_age')})`, '{{receiver}}')),
  lines({
    title: 'Cursor age', width: 12, unit: 's',
    description: 'How long ago the log that was read longest ago was read to its end. More than some intervals of collection: the receiver does not keep up.',
  }, range(`max by (receiver) (${ofReceiver('cursor_age')})`, '{{receiver}}')),
]

const reading = () => [
  heading('Reading'),
  lines({
    title: 'Requests', width: 8, unit: 'reqps', colors: statusClasses,
    description: 'Requests to the APIs by the first digit of the answer\'s status; none is a request without an answer.',
  }, range(`sum by (status_class) (${rate(ofReceiver('requests'))})`, '{{status_class}}')),
  lines({
    title: 'Duration of requests', width: 8, unit: 's',
    description: 'Of a request, to the last byte of its answer: half of them take less than p50, and 5 of 100 more than p95.',
  }, ...[0.5, 0.95].map(q => range(`histogram_quantile(${q}, sum by (le) (${rate(ofReceiver('request_duration_bucket'))}))`, `p${100 * q}`))),
  lines({
    title: 'Held back', width: 8, unit: 's',
    description: 'Seconds in each second that requests waited for the limits of the API: the quota is short.',
  }, range(`sum by (receiver) (${rate(ofReceiver('throttled_time'))})`, '{{receiver}}')),
  lines({
    title: 'Entries', width: 8, unit: 'eps', colors: { refused: 'red' },
    description: 'New entries, and what became of them. Between read and delivered a page waits, or operators leave something out.',
  }, ...['read', 'delivered', 'refused'].map(name => range(`sum(${rate(ofReceiver(`entries_${name}`))})`, name))),
  lines({
    title: 'Left out', width: 8, unit: 'eps',
    description: 'Entries met again within the overlap and dropped as repeats, filtered by types and users, or skipped by operators.',
  }, ...['repeated', 'filtered', 'skipped'].map(name => range(`sum(${rate(ofReceiver(`entries_${name}`))})`, name))),
  lines({
    title: 'Bytes', width: 8, unit: 'Bps',
    description: 'What the APIs send, after decompression.',
  }, range(`sum by (receiver) (${rate(ofReceiver('bytes_read'))})`, '{{receiver}}')),
]

const delivery = () => [
  heading('Delivery'),
  lines({
    title: 'Sent', width: 8, unit: 'eps',
    description: 'Records that each exporter sent.',
  }, range(`sum by (exporter) (${rate(ofCollector('exporter_sent_log_records'))})`, '{{exporter}}')),
  lines({
    title: 'Failed', width: 8, unit: 'eps',
    description: 'Records that an exporter could not send, and records that a receiver could not hand on. The latter are tried again; nothing here means that nothing failed.',
  }, range(`sum by (exporter) (${rate(ofCollector('exporter_send_failed_log_records'))})`, '{{exporter}}'),
    range(`sum by (receiver) (${rate(ofAnyReceiver('refused_log_records'))})`, '{{receiver}}')),
  lines({
    title: 'Queue', width: 8, unit: 'percentunit',
    description: 'How full the queue of each exporter is. At 100 % the receivers wait, or records are lost, as its settings say.',
  }, range(`max by (exporter) (${ofCollector('exporter_queue_size')} / ${ofCollector('exporter_queue_capacity')})`, '{{exporter}}')),
]

const process = () => [
  heading('Process'),
  lines({
    title: 'Memory', width: 8, unit: 'bytes',
    description: 'Resident memory of each collector.',
  }, range(`max by (instance) (${ofCollector('process_memory_rss')})`, '{{instance}}')),
  lines({
    title: 'CPU', width: 8, unit: 'percentunit',
    description: 'Of one core, by each collector.',
  }, range(`max by (instance) (${rate(ofCollector('process_cpu_seconds'))})`, '{{instance}}')),
  lines({
    title: 'Uptime', width: 8, unit: 's',
    description: 'Time since each collector started. It falls to zero at a restart.',
  }, range(`max by (instance) (${ofCollector('process_uptime')})`, '{{instance}}')),
]
