// Single keys in the manner of Gmail: an element says its key in data-key; lists are walked with j and k.

/** Whether keys typed here are words. */
function isTyping(element) {
  return element instanceof HTMLElement && element.closest("input, textarea, select, [contenteditable]") !== null;
}

/** What a key event is called: "e", "Control+Enter". */
function nameOf(event) {
  const command = event.ctrlKey || event.metaKey ? "Control+" : "";
  return command + event.key;
}

/** Do what an element is for: press a button, step into a field, open what hides it first. */
function use(element) {
  element.closest("details")?.setAttribute("open", "");
  if (element.matches("button, a")) element.click();
  else element.focus();
}

function walk(document, step) {
  const rows = [...document.querySelectorAll("#rows > li > a")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.matches(":focus, [aria-current]"));
  const focused = rows.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : now;
  const to = Math.min(rows.length - 1, Math.max(0, from + step));
  rows[to].focus();
}

/** Have the keys of a page do what they say. */
export function listenToKeys(document) {
  document.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    if (name === "Control+Enter" && isTyping(event.target)) {
      event.target.form?.requestSubmit();
      return;
    }
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (name === "j" || name === "k") {
      event.preventDefault();
      walk(document, name === "j" ? 1 : -1);
      return;
    }
    const element = document.querySelector(`[data-key="${CSS.escape(name)}"]`);
    if (element) {
      event.preventDefault();
      use(element);
    }
  });
}
