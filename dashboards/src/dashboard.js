// What all dashboards have in common.
import {
  DashboardBuilder, DashboardCursorSync, DashboardLinkBuilder, DashboardLinkType,
  DatasourceVariableBuilder, IntervalVariableBuilder, QueryVariableBuilder, VariableRefresh, VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** The tag by which the dashboards find each other. */
const tag = 'userlog'

/**
 * A dashboard without variables and panels.
 * @param {{uid: string, title: string, description: string, from: string}} about `from` is how far it looks back
 */
export function dashboard({ uid, title, description, from }) {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag, 'opentelemetry'])
    .timezone('browser')
    .time({ from, to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(new DashboardLinkBuilder('User logs')
      .type(DashboardLinkType.Dashboards).tags([tag]).keepTime(true)
      .placement(undefined)) // in sight, not in a menu
}

/**
 * A choice of the data source, `$datasource`.
 * @param {string} type the id of its plugin
 */
export function datasource(type) {
  return new DatasourceVariableBuilder('datasource').label('Data source').type(type)
}

/**
 * A choice of any number of values that the data source knows.
 * @param {string} name
 * @param {string} label
 * @param {string} type of the data source
 * @param {string | object} query in the data source's own form
 */
export function choice(name, label, type, query) {
  return new QueryVariableBuilder(name).label(label)
    .datasource({ type, uid: '$datasource' })
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.AlphabeticalAsc)
    .multi(true).includeAll(true)
    .allValue('.+') // what has the label; a list of all values may be long
    .current({ selected: true, text: ['All'], value: ['$__all'] })
}

/** A choice of the width of a bar, or the time between two points, `$interval`. */
export function interval() {
  return new IntervalVariableBuilder('interval').label('Interval')
    .values('1m,5m,15m,1h,6h,1d')
    .auto(true).stepCount(60).minInterval('1m') // the receiver reads once a minute
    .current({ selected: true, text: 'auto', value: '$__auto_interval_interval' })
}

/** Puts panels on a dashboard from the left to the right, in lines of 24 columns. */
export function fill(dashboard, panels) {
  for (const panel of panels) {
    panel.build().type === 'row' ? dashboard.withRow(panel) : dashboard.withPanel(panel)
  }
  return dashboard
}
