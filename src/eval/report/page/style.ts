export const style = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --panel: #fff; --ink: #1c1d1f; --soft: #63666d; --edge: #e3e4e6; --accent: #2f5fd0;
  --wrong: #dfa68f; --good: #2a8a6a; --missing: #e8e8ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121316; --panel: #1a1c20; --ink: #e9eaec; --soft: #9b9fa8; --edge: #2d3036; --accent: #86a8ff;
    --wrong: #7c3f2e; --good: #3fb08a; --missing: #2a2c31;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px }
h1 { font-size: 15px; font-weight: 600; color: var(--soft); margin: 0 }
.verdict { font-size: 22px; line-height: 1.4; margin: 10px 0 28px; max-width: 62ch; text-wrap: pretty }
h2 { font-size: 15px; margin: 0 0 2px }
p.about { margin: 0 0 8px; color: var(--soft); font-size: 13px }
section, figure { background: var(--panel); border: 1px solid var(--edge); border-radius: 10px; padding: 16px 18px; margin: 0 0 16px }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; margin-bottom: 16px }
.charts figure { margin: 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--edge); white-space: nowrap }
th { color: var(--soft); font-weight: 500; font-size: 13px }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
td:first-child { font-weight: 600 }
tr:last-child td { border-bottom: 0 }
tr.chosen td { color: var(--accent) }
i.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 8px; background: var(--mark) }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; overflow: visible }
svg text { fill: var(--ink) } svg .tick, svg .title { fill: var(--soft) } svg .label { font-weight: 600; paint-order: stroke; stroke: var(--panel); stroke-width: 3px }
.grid { stroke: var(--edge) } .axis { stroke: var(--soft) } .diagonal { stroke: var(--soft); stroke-dasharray: 2 5 }
.interval { stroke: var(--mark); stroke-width: 2; opacity: .45 } circle { fill: var(--mark) } .chosen circle { stroke: var(--ink); stroke-width: 2 }
.front { fill: none; stroke: var(--soft); stroke-dasharray: 5 4 }
.band { fill: var(--mark); opacity: .16 } .vote { fill: none; stroke: var(--mark); stroke-width: 2.2 } .thin { stroke-width: 1.2; opacity: .6 }
.pass { fill: none; stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 2 4 } .touch { fill: transparent }
.cell { fill: color-mix(in oklab, var(--good) var(--right), var(--wrong)) } .cell.none { fill: var(--missing) }
[data-question].now .cell { stroke: var(--ink); stroke-width: 1.5 }
#heat:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px }
#question { margin-top: 14px; min-height: 11em; font-size: 14px }
#question pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0 8px; font: inherit; max-height: 12em; overflow: auto }
#question table { width: auto } #question td { white-space: normal; text-align: left; padding: 3px 14px 3px 0; border: 0; font-weight: 400; vertical-align: top }
.good { color: var(--good) } .bad { color: color-mix(in oklab, var(--wrong) 55%, var(--ink)) } .soft { color: var(--soft) }
.notes { color: var(--soft); font-size: 13px; padding-left: 18px; margin: 0 } .notes li { margin-bottom: 4px }
@media print { body { background: #fff } section, figure { break-inside: avoid } }
`
