// A file may be dropped onto its field, and a page that waits for a reading says when it is done.
// Without it the field works as any file field, and a link looks again.
(() => {
  for (const area of document.querySelectorAll("[data-drop]")) {
    const field = document.getElementById(area.dataset.drop);
    area.querySelector(".drop-hint").hidden = false;
    for (const name of ["dragenter", "dragover"]) {
      area.addEventListener(name, (event) => { event.preventDefault(); area.classList.add("over"); });
    }
    area.addEventListener("dragleave", () => area.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("over");
      if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    });
  }

  const waiting = document.querySelector("[data-progress]");
  if (!waiting) return;
  const pages = waiting.querySelector("[data-pages]");
  const look = async () => {
    try {
      const told = await (await fetch(waiting.dataset.progress)).json();
      if (told.state !== "reading") { location.reload(); return; }
      if (told.pages) pages.textContent = `${pages.dataset.pages} ${told.done}/${told.pages}`;
    } catch { /* the network is away: asked again */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
})();
