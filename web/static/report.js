// Keeps a report's form while it is typed, and stops files that are too large before they are sent.
// Without it the form works the same, with its button "Lưu nháp".
(() => {
  const form = document.getElementById("bao-cao");
  if (!form) return;
  const said = document.getElementById("da-luu");
  const version = form.elements._ban;
  const QUIET_MS = 3000;
  let timer = 0, saving = null, changed = false, sending = false;

  const later = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, QUIET_MS);
  };

  const save = () => {
    if (!saving && !sending && changed) saving = keep().finally(() => { saving = null; });
  };

  const keep = async () => {
    changed = false;
    const typed = new FormData(form);
    typed.delete("tep");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: typed });
      const told = await answer.json();
      if (told.version !== undefined) version.value = told.version;
      said.textContent = told.saved || told.problem || "";
    } catch {
      // The network is away: what is typed stays on the page and is tried again.
      later();
    }
  };

  form.addEventListener("input", (event) => { if (event.target.type !== "file") later(); });
  form.addEventListener("submit", async (event) => {
    sending = true;
    changed = false;
    clearTimeout(timer);
    if (!saving) return;
    // A draft on its way is a newer version than the page knows of.
    event.preventDefault();
    await saving;
    form.requestSubmit(event.submitter);
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sending) event.preventDefault();
  });

  const files = form.elements.tep;
  files.addEventListener("change", () => {
    const most = Number(files.dataset.most) * 1024 * 1024;
    const large = [...files.files].filter((file) => file.size > most).map((file) => file.name);
    if (large.length) {
      files.value = "";
      said.textContent = `${files.dataset.tooLarge} ${large.join(", ")}`;
    }
  });
})();
