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

  const say = (sentence, bad) => {
    if (said.textContent !== sentence) said.textContent = sentence;
    said.classList.toggle("error", bad);
    said.classList.toggle("quiet", !bad);
  };

  const keep = async () => {
    changed = false;
    const typed = new FormData(form);
    typed.delete("tep");
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, { method: "POST", body: typed });
    } catch {
      say(said.dataset.away, true);
      later();
      return;
    }
    if (answer.status >= 500) {
      say(said.dataset.failed, true);
      later();
      return;
    }
    // A page instead of an answer: somebody is to sign in, here or with this old form, or what was
    // typed is not taken at all.
    const ended = answer.ok || answer.status === 401;
    const page = { problem: ended ? said.dataset.ended : said.dataset.refused };
    const told = await answer.json().catch(() => page);
    if (told.version !== undefined) version.value = told.version;
    // What was not kept is still asked about before the page is left.
    if (!told.saved) changed = true;
    say(told.saved || told.problem || said.dataset.failed, !told.saved);
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
      say(`${files.dataset.tooLarge} ${large.join(", ")}`, true);
    }
  });
})();
