/** An attack report as text, for a terminal or the message of a failed test. */
import type { AttackReport, Finding } from './attack-report.ts'

/** What was found, the worst first, with what it means and where it is written. */
export function formatReport(report: AttackReport): string {
  const { total, refused, controls, controlsRefused, accepted } = report
  const sections = [
    section(
      'accepted, and must be refused',
      accepted.filter(({ level }) => level === 'must'),
      explain,
    ),
    section('fetched, because a token said so', report.fetched, explain),
    section('good tokens that were refused', controlsRefused, detail),
    section(
      'accepted, and should be refused',
      accepted.filter(({ level }) => level === 'should'),
      explain,
    ),
    section('refused by accident: no error that was meant for the caller', report.wrongErrors, kindOfError),
    section('slow', report.slow, detail),
  ]
  const sums = `${total} attacks: ${refused} refused, ${accepted.length} accepted; ${controls} good tokens: ${controls - controlsRefused.length} accepted, ${controlsRefused.length} refused`
  return [sums, ...sections.filter((text) => text !== '')].join('\n\n')
}

type Say = (finding: Finding) => string

/** What happened matters more than why it matters. */
const detail: Say = (finding) => finding.detail
/** One line for all errors of a kind: their messages differ by what they met. */
const kindOfError: Say = (finding) => finding.detail.split(':', 1)[0]!
const explain: Say = ({ why, reference, detail: found }) =>
  `${why} (${reference})${found === 'accepted' ? '' : `: ${found}`}`

/** One paragraph; entries of which the same is to be said share a line. */
function section(title: string, findings: readonly Finding[], say: Say): string {
  if (findings.length === 0) return ''
  const lines = new Map<string, string[]>()
  for (const finding of findings) {
    const said = say(finding)
    lines.set(said, [...(lines.get(said) ?? []), finding.id])
  }
  const texts = [...lines].map(([said, ids]) => `  ${said}\n    ${wrap(ids)}`)
  return [`${title} (${findings.length}):`, ...texts].join('\n')
}

const lineLength = 100

function wrap(ids: readonly string[]): string {
  const lines: string[] = ['']
  for (const id of ids) {
    const last = lines.at(-1)!
    if (last.length + id.length > lineLength) lines.push(id)
    else lines[lines.length - 1] = last === '' ? id : `${last} ${id}`
  }
  return lines.join('\n    ')
}
