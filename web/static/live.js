// A page with <div data-live="/su-kien?chu_ky=…" hidden>…</div> shows that element when something
// has changed. It never reloads by itself: somebody may be typing.
"use strict";
for (const notice of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(notice.dataset.live);
  source.addEventListener("changed", () => { notice.hidden = false; });
  window.addEventListener("pagehide", () => source.close());
}
