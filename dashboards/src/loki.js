// Queries of the records in Loki, where the dots in the names of attributes are underscores.
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/loki'

/** The services whose records the receiver makes. */
const services = 'service_name=~"auth0|kobil|canvas"'

const stream = `{${services}, service_instance_id=~"$service_instance_id"}`

/** The source of `$service_instance_id`: the values of a label; 1 is Loki's code for that. */
export const instances = { refId: 'instances', type: 1, label: 'service_instance_id', stream: `{${services}}` }

/**
 * A filter by a regular expression of all of a value. Loki 3.7 anchors some by itself and some not: `f|fcoa|fp` would find
 * seacft, too (https://github.com/grafana/loki/issues/14433).
 */
function matches(label, pattern) {
  return `| ${label}=~"^(${pattern})$"`
}

/** Filters of entries. Where the normalised words cannot tell, they are of Auth0's types. */
export const is = {
  login: '| user_log_category="login"',
  signUp: '| user_log_category="signup"',
  admin: '| user_log_category="admin"',
  protection: '| user_log_category="protection"',
  success: '| user_log_outcome="success"',
  failure: '| user_log_outcome="failure"',
  decided: matches('user_log_outcome', 'success|failure'),
  error: '| severity_text="ERROR"',
  type: pattern => matches('user_log_type', pattern),
  notType: pattern => `| user_log_type!~"^(${pattern})$"`,
  set: name => `| ${name}!=""`,
}

/** Makes `account` of what names a user best: an unknown user has no id, and a user of KOBIL no name. */
export const account = '| label_format account=`{{if .user_name}}{{.user_name}}{{else}}{{.user_id}}{{end}}` | account!=""'

/** Of what is chosen, the entries that pass the filters. */
export const entries = (...filters) => [stream, ...filters].join(' ')

/** Writes those of the attributes that an entry has, instead of the entry. */
export function written(first, ...others) {
  return `| line_format \`{{.${first}}}${others.map(name => `{{if .${name}}} · {{.${name}}}{{end}}`).join('')}\``
}

/** When the newest entry took place, in milliseconds since 1970, by the labels. */
export const newest = by =>
  `max by (${by}) (max_over_time(${entries()} | label_format ms=\`{{__timestamp__ | unixEpochMillis}}\` | unwrap ms [$__range]))`

/** How many of them in the time that the dashboard shows, by the labels. */
export const total = (by, ...filters) => count(by, '$__range', filters)

/** How many of them in each interval, by the labels. */
export const rate = (by, ...filters) => count(by, '$interval', filters)

/** The ten largest, largest first. */
export const top = expr => `sort_desc(topk(10, ${expr}))`

/** How many different values of a label the entries have that pass the filters; by others, if given. */
export const distinct = (label, window, filters, by = '') =>
  `count${by && ` by (${by})`} (${count([by, label].filter(Boolean).join(', '), window, filters)})`

function count(by, window, filters) {
  return `sum${by && ` by (${by})`} (count_over_time(${entries(...filters)} [${window}]))`
}

/** A query whose answer is one value for each series. */
export const instant = (expr, legend = '') => query(expr, legend).queryType('instant').instant(true)

/** A query whose answer is a value in each interval. */
export const range = (expr, legend) => query(expr, legend).queryType('range').range(true).step('$interval')

/** A query whose answer is entries. */
export const lines = expr => query(expr, '').queryType('range').range(true).maxLines(100)

function query(expr, legend) {
  return new DataqueryBuilder().datasource({ type: 'loki', uid: '$datasource' }).expr(expr).legendFormat(legend)
}
