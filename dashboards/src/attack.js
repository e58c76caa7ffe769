// Who attacks whom, and what protects them.
import { choice, dashboard, datasource, fill, interval } from './dashboard.js'
import { account, distinct, entries, instances, instant, is, lines, range, rate, top, total, written } from './loki.js'
import { bars, heading, logs, ranking, stat } from './panel.js'

/** The failures of which Auth0's documentation recommends a histogram, and wrong passwords (fp). */
const failedTypes = 'f|fcoa|feccft|fepft|fp|fsa|fu'

/** Auth0's codes of one thing each. */
const types = {
  blocked: 'limit_(wc|mu|sul|ui|phone)',
  breached: '(signup_|reset_)?pwd_leak',
  protection: 'limit_.+|(signup_|reset_)?pwd_leak',
  unknownName: 'fu',
  pushed: 'gd_send_pn|gd_auth_rejected',
  guessed: 'gd_auth_failed|gd_recovery_failed|gd_(otp|recovery)_rate_limit_exceed',
  reusedToken: 'ferrt',
}

/**
 * Failed logins, also those of a known address or of a named account; and ones that succeeded. Pages that ask in the
 * background whether there is a session (fsa, fdelsa), or go on with it (ssa, sdelsa), try no password.
 */
const failed = [is.login, is.failure, is.notType('fsa|fdelsa')]
const succeeded = [is.login, is.success, is.notType('ssa|sdelsa')]
const failedFrom = [...failed, is.set('client_address')]
const failedFor = [...failed, account]

/** An account of a tenant: the same name may be somebody else's in another. */
const theirs = 'service_instance_id, account'

/** More failed logins than a user who has forgotten a password needs, before Auth0's default of 10 blocks. */
const manyFailures = 5

export function attack() {
  const result = dashboard({
    uid: 'userlog-attack', title: 'User logs: attack view', from: 'now-6h',
    description: 'Failed logins, whom they are aimed at and where they come from, and what attack protection does, from the records in Loki.',
  })
    .variables([datasource('loki'), choice('service_instance_id', 'Tenant', 'loki', instances), interval()])
  return fill(result, [...totals(), ...course(), ...passwords(), ...factors(), ...events()])
}

const totals = () => [
  stat({
    title: 'Failed logins', width: 4, color: 'red',
    description: 'Logins that failed, but for pages that ask in the background for a session that is not there.',
  }, instant(total('', ...failed))),
  stat({
    title: 'Failing addresses', width: 4, color: 'orange',
    description: 'Different addresses with a login that failed.',
  }, instant(distinct('client_address', '$__range', failedFrom))),
  stat({
    title: 'Failing accounts', width: 4, color: 'orange',
    description: 'Different accounts, also ones that do not exist, with a login that failed.',
  }, instant(distinct('account', '$__range', failedFor))),
  stat({
    title: 'Blocks', width: 4, alarm: true,
    description: 'How often attack protection blocked an account or an address.',
  }, instant(total('', is.type(types.blocked)))),
  stat({
    title: 'Breached passwords', width: 4, alarm: true,
    description: 'Logins, sign-ups and password changes with a password that is known from a breach.',
  }, instant(total('', is.type(types.breached)))),
  stat({
    title: 'Reused refresh tokens', width: 4, color: 'orange',
    description: 'Refresh tokens that were used once more after they were exchanged. Single ones come from applications that ask twice.',
  }, instant(total('', is.type(types.reusedToken)))),
]

const course = () => [
  bars({
    title: 'Failures by type', width: 12,
    description: 'Auth0: failed logins and exchanges by their type. A type that rises alone tells what is tried.',
  }, range(rate('user_log_type, user_log_name', is.type(failedTypes)), '{{user_log_type}} {{user_log_name}}')),
  bars({
    title: 'Attack protection', width: 12,
    description: 'Auth0: blocks of accounts and addresses, limits, and breached passwords.',
  }, range(rate('user_log_type, user_log_name', is.type(types.protection)), '{{user_log_type}} {{user_log_name}}')),
  bars({
    title: 'Failing addresses', width: 12, color: 'orange',
    description: 'Different addresses with a failed login in each interval: many at once are a distributed attack.',
  }, range(distinct('client_address', '$interval', failedFrom), 'addresses')),
  bars({
    title: 'Failures by country', width: 12,
    description: 'Failed logins by the country of their address, where the source tells it.',
  }, range(rate('geo_country_iso_code', ...failed, is.set('geo_country_iso_code')), '{{geo_country_iso_code}}')),
]

const passwords = () => [
  heading('Passwords'),
  ranking({
    title: 'Failures by address', width: 8, color: 'red',
    description: 'The addresses with the most failed logins.',
  }, instant(top(total('client_address', ...failedFrom)), '{{client_address}}')),
  ranking({
    title: 'Failures by account', width: 8, color: 'red',
    description: 'The accounts with the most failed logins.',
  }, instant(top(total('account', ...failedFor)), '{{account}}')),
  ranking({
    title: 'Accounts by address', width: 8, color: 'red',
    description: 'The addresses that failed with the most different accounts: credential stuffing, password spraying, or a company behind one address.',
  }, instant(top(distinct('account', '$__range', [...failedFrom, account], 'client_address')), '{{client_address}}')),
  ranking({
    title: 'User enumeration', width: 8, color: 'orange',
    description: 'Auth0: the addresses that tried the most names without an account.',
  }, instant(top(total('client_address', is.type(types.unknownName), is.set('client_address'))), '{{client_address}}')),
  ranking({
    title: 'Successes after failures', width: 8, color: 'orange',
    description: `Logins that succeeded, of accounts with ${manyFailures} failed logins or more in the time that is shown: look whether the last one was its owner.`,
  }, instant(top(`${total(theirs, ...succeeded, account)} and on (${theirs}) ${total(theirs, ...failedFor)} >= ${manyFailures}`), '{{account}}')),
  ranking({
    title: 'Breached passwords', width: 8, color: 'orange',
    description: 'The accounts that were used with a password that is known from a breach.',
  }, instant(top(total('account', is.type(types.breached), account)), '{{account}}')),
]

const factors = () => [
  heading('Second factors, tokens and blocks'),
  ranking({
    title: 'MFA fatigue', width: 6, color: 'orange',
    description: 'Auth0: the users with the most notifications sent to and rejected on their phones.',
  }, instant(top(total('account', is.type(types.pushed), account)), '{{account}}')),
  ranking({
    title: 'Guessed codes', width: 6, color: 'orange',
    description: 'Auth0: the users with the most wrong one-time and recovery codes.',
  }, instant(top(total('account', is.type(types.guessed), account)), '{{account}}')),
  ranking({
    title: 'Reused refresh tokens', width: 6, color: 'orange',
    description: 'Auth0: the users whose refresh tokens were used again most often.',
  }, instant(top(total('account', is.type(types.reusedToken), account)), '{{account}}')),
  ranking({
    title: 'Blocks', width: 6, color: 'red',
    description: 'Auth0: the addresses that were blocked, for one account or for all.',
  }, instant(top(total('client_address', is.type(types.blocked), is.set('client_address'))), '{{client_address}}')),
]

const events = () => [
  heading('Events'),
  logs({
    title: 'Latest security events', width: 24,
    description: 'What blocked somebody, or says that somebody is at work: all entries of the severity ERROR, the newest first.',
  }, lines(entries(is.error, written('user_log_name', 'user_name', 'client_address', 'user_log_description')))),
]
