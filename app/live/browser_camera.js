// What the browser knows of its camera, and the manners of the streamer's frame.
//
// The streamer (streamlit-webrtc 0.79) lives in a frame of the same origin. It writes the name of
// the browser's error ("NotAllowedError: …") into an alert for programmers and tells Python
// nothing; it is a low strip until the picture comes; and its height does not follow when the
// window or a turned phone changes its width, which cuts STOP off.

const KINDS = {
  NotAllowedError: "refused", SecurityError: "refused",
  NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
}
const STYLE = `
  [role="alert"] { display: none !important }
  .MuiPaper-root:has(> [data-testid="VideoLabelIcon"], > .MuiCircularProgress-root) {
    aspect-ratio: 4 / 3; box-sizing: border-box; border-radius: 10px;
  }`
const FOLLOW = `
  new ResizeObserver(() => parent.postMessage({
    isStreamlitMessage: true, type: "streamlit:setFrameHeight",
    height: document.getElementById("root").scrollHeight + 8,
  }, "*")).observe(document.getElementById("root"))`

function streamers() {
  const frames = document.querySelectorAll('iframe[title^="streamlit_webrtc"]')
  return [...frames].map(frame => frame.contentDocument).filter(inside => inside?.body)
}

function mend(inside) {
  if (!inside.getElementById("root")?.childElementCount || inside.getElementById("mien")) return
  const style = Object.assign(inside.createElement("style"), { id: "mien", textContent: STYLE })
  const follow = Object.assign(inside.createElement("script"), { textContent: FOLLOW })
  inside.head.append(style, follow)
}

function judge() {
  if (!window.isSecureContext || !navigator.mediaDevices) return "insecure"
  for (const inside of streamers()) {
    mend(inside)
    for (const alert of inside.querySelectorAll('[role="alert"]')) {
      const kind = KINDS[alert.textContent.split(":")[0]]
      if (kind) return kind
    }
  }
  return "fine"
}

export default function ({ data, setStateValue }) {
  let told = data.known
  const tell = () => {
    const now = judge()
    if (now !== told) setStateValue("camera", (told = now))
  }
  tell()
  const timer = setInterval(tell, 200)
  return () => clearInterval(timer)
}
