// What happens on the Timeline's chart and Streamlit 1.67 does not report: a click on a mark, and
// whether the pointer is on the chart. plotly's own events tell; `on` is part of its public API.

const POINTER = ["pointermove", "pointerdown", "pointerup", "pointercancel"]
const MARK = /^(alert|note):\d+$/
const STILL_FOR_MS = 10_000 // a mouse that was left on the chart looks at nothing
const SETTLES_MS = 700 // what was dragged has to arrive before the chart may change

function followClicks(place, setTriggerValue) {
  const clicked = event => {
    const marks = event.points?.map(point => [point.customdata].flat().join(":")) ?? []
    const mark = marks.find(each => MARK.test(each))
    if (mark) setTriggerValue("mark", mark)
  }
  let chart
  const listen = () => {
    const found = place.querySelector(".js-plotly-plot")
    if (!found?.on || found === chart) return
    chart = found
    chart.on("plotly_click", clicked)
  }
  listen()
  // Streamlit makes a new chart at each change, and plotly gives it its class and `on` later
  const watcher = new MutationObserver(listen)
  watcher.observe(place, { childList: true, subtree: true, attributeFilter: ["class"] })
  return () => {
    watcher.disconnect()
    chart?.removeListener("plotly_click", clicked)
  }
}

function followPointer(place, known, setStateValue) {
  let held = known
  let settles = false
  let release
  const tell = now => {
    if (now !== held) setStateValue("held", (held = now))
  }
  const releaseIn = ms => {
    clearTimeout(release)
    release = setTimeout(() => tell(false), ms)
  }
  const look = event => {
    // while a button is down plotly covers the page, and the pointer is on the cover
    if (place.contains(event.target) || (held && event.buttons > 0)) {
      settles = false
      tell(true)
      releaseIn(STILL_FOR_MS)
    } else if (held && !settles) {
      settles = true
      releaseIn(SETTLES_MS)
    }
  }
  if (held) releaseIn(STILL_FOR_MS)
  POINTER.forEach(kind => document.addEventListener(kind, look))
  document.documentElement.addEventListener("pointerleave", look)
  return () => {
    clearTimeout(release)
    POINTER.forEach(kind => document.removeEventListener(kind, look))
    document.documentElement.removeEventListener("pointerleave", look)
  }
}

export default function ({ data, setStateValue, setTriggerValue }) {
  const place = document.querySelector(`.st-key-${data.place}`)
  if (!place) return
  const ends = [followClicks(place, setTriggerValue)]
  if (data.moves) ends.push(followPointer(place, data.held, setStateValue))
  return () => ends.forEach(end => end())
}
