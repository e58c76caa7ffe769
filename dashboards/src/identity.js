// Who logs in, from where and with what, and who changes what.
import { choice, dashboard, datasource, fill, interval } from './dashboard.js'
import { distinct, entries, instances, instant, is, lines, newest, range, rate, top, total, written } from './loki.js'
import { bars, heading, logs, ranking, stat } from './panel.js'

/** Of the names of series that end with an outcome. */
const outcomes = { '/success$/': 'green', '/failure$/': 'red', '/unknown$/': 'gray' }

export function identity() {
  const result = dashboard({
    uid: 'userlog-identity', title: 'User logs: identity overview', from: 'now-24h',
    description: 'Logins, second factors, sign-ups and changes of all identity systems, from the records in Loki.',
  })
    .variables([datasource('loki'), choice('service_instance_id', 'Tenant', 'loki', instances), interval()])
  return fill(result, [...totals(), ...logins(), ...who(), ...changes()])
}

const totals = () => [
  stat({
    title: 'Logins', width: 4, color: 'green',
    description: 'Logins that succeeded, silent ones included.',
  }, instant(total('', is.login, is.success))),
  stat({
    title: 'Failed logins', width: 4, color: 'red',
    description: 'Logins that failed, for whatever reason.',
  }, instant(total('', is.login, is.failure))),
  stat({
    title: 'Share of failures', width: 4, unit: 'percentunit', color: 'orange',
    description: 'Failed logins, of all that succeeded or failed.',
  }, instant(`${total('', is.login, is.failure)} / ${total('', is.login, is.decided)}`)),
  stat({
    title: 'Users who logged in', width: 4, color: 'blue',
    description: 'Different users with a login that succeeded.',
  }, instant(distinct('user_id', '$__range', [is.login, is.success, is.set('user_id')]))),
  stat({
    title: 'Newest entry', width: 8, unit: 'dateTimeFromNow', each: true, color: 'blue',
    description: 'When the newest entry of each tenant that is here took place: if it is long ago, nothing happens there, or nothing arrives.',
  }, instant(newest('service_name, service_instance_id'), '{{service_name}} {{service_instance_id}}')),
]

const logins = () => [
  bars({
    title: 'Logins', width: 12, colors: outcomes,
    description: 'Logins of each system by their outcome.',
  }, range(rate('service_name, user_log_outcome', is.login), '{{service_name}} {{user_log_outcome}}')),
  bars({
    title: 'Login flow', width: 12, colors: { '/^s /': 'green', '/^fu /': 'orange', '/^fp /': 'red' },
    description: 'Auth0: successful logins beside unknown names (fu) and wrong passwords (fp). One that rises alone is worth a look.',
  }, range(rate('user_log_type, user_log_name', is.type('s|fu|fp')), '{{user_log_type}} {{user_log_name}}')),
  bars({
    title: 'Entries', width: 12,
    description: 'Entries of all kinds, by category.',
  }, range(rate('user_log_category'), '{{user_log_category}}')),
  bars({
    title: 'Sign-ups', width: 12, colors: outcomes,
    description: 'New accounts, and attempts at one that failed.',
  }, range(rate('user_log_outcome', is.signUp), '{{user_log_outcome}}')),
]

const who = () => [
  heading('Who, from where and with what'),
  ranking({
    title: 'Types', width: 8, color: 'blue',
    description: 'The most frequent types of entries.',
  }, instant(top(total('service_name, user_log_type, user_log_name')), '{{service_name}} {{user_log_type}} {{user_log_name}}')),
  ranking({
    title: 'Applications', width: 8, color: 'blue',
    description: 'The applications with the most logins that succeeded.',
  }, instant(top(total('user_log_client_name', is.login, is.success, is.set('user_log_client_name'))), '{{user_log_client_name}}')),
  ranking({
    title: 'Countries', width: 8, color: 'blue',
    description: 'The countries with the most logins that succeeded, where the source tells them.',
  }, instant(top(total('geo_country_iso_code', is.login, is.success, is.set('geo_country_iso_code'))), '{{geo_country_iso_code}}')),
  ranking({
    title: 'Second factors', width: 8, color: 'blue', colors: { Passed: 'green', Failed: 'orange', Rejected: 'red' },
    description: 'Auth0: how many second factors were started, how many messages and notifications went out for them, and what became of them.',
  }, ...factors.map(([name, types]) => instant(total('', is.type(types)), name))),
  bars({
    title: 'Second factors over time', width: 16, colors: { '/^Successful/': 'green', '/^Failed/': 'orange', '/Rejected/': 'red' },
    description: 'Auth0: second factors that were passed, failed, or rejected by the user.',
  }, range(rate('user_log_name', is.type('gd_auth_succeed|gd_auth_failed|gd_auth_rejected')), '{{user_log_name}}')),
]

const factors = [
  ['Started', 'gd_start_auth'],
  ['Sent', 'gd_send_(pn|sms|voice|email)'],
  ['Passed', 'gd_auth_succeed'],
  ['Failed', 'gd_auth_failed'],
  ['Rejected', 'gd_auth_rejected'],
]

const changes = () => [
  heading('Changes'),
  logs({
    title: 'Changes by administrators', width: 24,
    description: 'What administrators and applications changed or tried to change, the newest first.',
  }, lines(entries(is.admin, '| user_log_type!="mgmt_api_read"', written(
    'user_log_outcome', 'user_log_description', 'user_name', 'user_log_client_name', 'client_address')))),
]
