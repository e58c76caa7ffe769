// Text in SVG, whose widths nobody measures.

/** Without quotes, which ECharts would not escape. */
export const font = 'system-ui, sans-serif'

export const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)

/** A line of text at a point, its baseline. */
export const text = (x, y, content, { size = 12, color = '#24292f', weight = 400, anchor = 'start' } = {}) =>
  `<text x="${x}" y="${y}" font-family="${font}" font-size="${size}" font-weight="${weight}" fill="${color}" text-anchor="${anchor}">${escape(content)}</text>`

/** About how wide a text is: a letter is 0.57 as wide as high. */
export const wide = (content, size) => 0.57 * size * content.length

/** What of a text has room in a width. */
export function fit(content, width, size = 12) {
  const room = Math.floor(width / wide('x', size))
  return content.length > room ? content.slice(0, Math.max(0, room - 1)) + '…' : content
}

/** A picture within a picture. */
export const within = (x, y, width, height, content) => `<svg x="${x}" y="${y}" width="${width}" height="${height}">${content}</svg>`
