// Small comforts on top of pages that work without this file: every form posts and every link leads
// somewhere by itself. All words come from the page (data-*), so both languages work.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js"); // shows the buttons that only work with this file

  const announce = (text) => {
    const live = document.getElementById("announce");
    if (live && text) live.textContent = text;
  };
  const put = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Buttons: show the password; fill from the period before.
  document.addEventListener("click", (e) => {
    const show = e.target.closest("[data-show-password]");
    if (show) {
      const field = document.getElementById(show.dataset.showPassword);
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      show.setAttribute("aria-pressed", shown);
    }
    const fill = e.target.closest("[data-fill-previous]");
    if (fill) {
      let filled = 0;
      for (const input of fill.form.querySelectorAll("input[data-previous]")) {
        if (input.value.trim() || input.readOnly) continue; // never over what was typed
        put(input, input.dataset.previous);
        // Nothing is sent that was filled in out of sight.
        for (let box = input.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
        filled += 1;
      }
      announce((fill.dataset.announce || "").replace("%n", filled));
    }
  });

  // Grid of numbers: [data-grid] on the table. The value at focus is what Esc brings back.
  const before = new WeakMap();
  const cellOf = (input) => input.closest("[data-grid] td");
  const inputIn = (row, column) => row?.cells[column]?.querySelector("input:not([readonly])");
  const rowNext = (row, step) => row.closest("table").rows[row.rowIndex + step];

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.("[data-grid] input")) before.set(target, target.value);
  });

  document.addEventListener("keydown", (e) => {
    const input = e.target;
    if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey || !input.matches?.("[data-grid] input")) return;
    if (e.key === "Escape") return put(input, before.get(input) ?? input.defaultValue);
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    const cell = cellOf(input);
    let row = cell.parentElement;
    let next;
    while (!next && (row = rowNext(row, step))) next = inputIn(row, cell.cellIndex);
    if (!next && e.key === "Enter") next = input.form?.querySelector("[type=submit], button:not([type])");
    e.preventDefault();
    next?.focus();
    next?.select?.();
  });

  // A block copied from a spreadsheet fills to the right and down. Blank cells change nothing:
  // blank is not zero. Cells that fall outside the grid are counted and said.
  document.addEventListener("paste", (e) => {
    if (!e.target.matches?.("[data-grid] input")) return;
    const text = e.clipboardData.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    e.preventDefault();
    const cell = cellOf(e.target);
    let row = cell.parentElement;
    let filled = 0;
    let outside = 0;
    for (const line of text.split("\n")) {
      line.split("\t").forEach((value, i) => {
        if (!value.trim()) return;
        const input = inputIn(row, cell.cellIndex + i);
        if (input) put(input, value.trim());
        input ? (filled += 1) : (outside += 1);
      });
      row = row && rowNext(row, 1);
    }
    const words = cell.closest("[data-grid]").dataset.pasted || "";
    announce(words.replace("%n", filled).replace("%k", outside));
  });

  // Sending: say so on the button and ignore a second press. The server knows repeats by op_id.
  const sending = new Map();
  const release = (form) => {
    const button = sending.get(form);
    sending.delete(form);
    if (!button) return;
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.idleText;
  };
  document.addEventListener("submit", (e) => {
    if (sending.has(e.target)) {
      e.preventDefault();
      e.stopImmediatePropagation();
      return;
    }
    const button = e.submitter;
    if (!button?.dataset.busyText) return;
    for (const shown of e.target.querySelectorAll("[data-show-password][aria-pressed=true]")) shown.click();
    sending.set(e.target, button);
    button.dataset.idleText = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busyText;
    setTimeout(release, 20000, e.target); // an answer that never comes must not lock the form
  }, true);
  // A file on its way: how much of it has left, then that it is being read; the answer is opened like any other page.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (e.defaultPrevented || !form.matches("[data-sends-file]")) return;
    e.preventDefault();
    const box = form.querySelector(".sending");
    if (!box.hidden) return; // it is on its way, however long that takes
    const bar = box.querySelector("progress");
    const words = box.querySelector("[role=status]");
    const request = new XMLHttpRequest();
    const end = () => {
      box.hidden = true;
      release(form);
    };
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.value = sent.loaded / sent.total;
      words.textContent = words.dataset.sending.replace("%n", Math.floor(100 * bar.value));
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value"); // how long reading takes is not known
      words.textContent = words.dataset.reading;
    });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL !== form.action) return location.assign(request.responseURL);
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.querySelector("main");
      if (!main) return form.submit();
      document.title = page.title;
      document.querySelector("main").replaceWith(main);
      main.querySelector(".govuk-error-summary")?.focus();
      end();
    });
    // The connection broke: the browser says so better than we could.
    request.addEventListener("error", () => (end(), form.submit()));
    box.hidden = false;
    request.open("POST", form.action);
    request.send(new FormData(form, e.submitter));
  });

  // Pages that refresh themselves: not while nobody looks, and say so once figures may be out of date.
  let reached = Date.now();
  const isRefresh = (e) => e.detail?.ctx?.sourceElement?.id === "noi-dung";
  document.addEventListener("htmx:config:request", (e) => {
    if (isRefresh(e) && document.hidden) e.preventDefault();
  });
  const offline = () => document.getElementById("offline");
  document.addEventListener("htmx:after:request", (e) => {
    if (!isRefresh(e) || !(e.detail.ctx.response?.status < 500)) return;
    reached = Date.now();
    if (offline()) offline().hidden = true;
  });
  document.addEventListener("htmx:error", (e) => {
    const note = offline();
    if (!isRefresh(e) || !note?.hidden || Date.now() - reached < 180000) return;
    const at = new Date(reached + 7 * 3600000).toISOString().slice(11, 16); // the clock in Vietnam
    note.textContent = note.dataset.text.replace("%{time}", at);
    note.hidden = false;
    announce(note.textContent);
  });

  for (const done of ["htmx:finally:request", "htmx:error"]) {
    document.addEventListener(done, () => [...sending.keys()].forEach(release));
  }
  addEventListener("pageshow", (e) => e.persisted && [...sending.keys()].forEach(release));
})();
