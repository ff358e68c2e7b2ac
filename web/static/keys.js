// The keys of the table that the page brings with it: an element says in its data-key which of them presses it.

const UNDO = {
  label: "undo-label", claim: "release", reply: "undo-send", moderate: "undo-case",
};
/** By the act that was done last in this place, the form that takes it back; others leave a bar with an undo above. */

/** Whether keys typed here are words. */
export function isTyping(element) {
  return element instanceof HTMLElement && element.closest("input, textarea, select, [contenteditable]") !== null;
}

/** What a key event is called: "e", "Alt+e", "Control+Enter"; null where it writes a character of the layout. */
export function nameOf(event) {
  // On many layouts the right Alt key writes characters, and says that Control and Alt are held.
  if (event.getModifierState?.("AltGraph")) return null;
  let key = event.key;
  // With Alt held, some systems name another character: then the place on the keyboard counts.
  if (event.altKey && !/^[a-z]$/i.test(key) && /^Key[A-Z]$/.test(event.code)) key = event.code.slice(3);
  if (/^[A-Z]$/.test(key)) {
    if (event.shiftKey) return null;
    key = key.toLowerCase();
  }
  return (event.ctrlKey || event.metaKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") + key;
}

/** Whether single keys are switched off in this browser. */
function areOff(document) {
  return /(?:^|;\s*)vigie-keys=off(?:;|$)/.test(document.cookie);
}

/** By every name of a key, the one that elements know it by; read from the sheet of help. */
function readTable(document) {
  const table = new Map();
  for (const row of document.querySelectorAll("#keys-sheet [data-keys]")) {
    const names = row.dataset.keys.split(" ");
    for (const name of names) table.set(name, names[0]);
  }
  return table;
}

/** Do what an element is for: press a button, step into a field, open what hides it first. */
function use(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (element.matches("button, a, summary")) element.click();
  if (element.matches("summary")) element.closest("details").open = true;
  if (!element.matches("button, a")) element.focus();
}

function walk(document, step) {
  const rows = [...document.querySelectorAll("#rows > li > a")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.matches(":focus, [aria-current]"));
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const from = focused >= 0 ? focused : now;
  rows[Math.min(rows.length - 1, Math.max(0, from + step))].focus();
}

/** What takes back what was done last, here or just before. */
function lastUndo(document) {
  const form = UNDO[document.documentElement.dataset.done];
  const here = form && document.querySelector(`main form[data-act="${form}"] button`);
  return here || document.querySelector('[data-key="z"]');
}

function press(document, name) {
  if (name === "j" || name === "k") walk(document, name === "j" ? 1 : -1);
  else {
    const element = name === "z" ? lastUndo(document) : document.querySelector(`[data-key="${CSS.escape(name)}"]`);
    if (!element) return false;
    use(element);
  }
  return true;
}

/** Have the keys of a page do what they say. */
export function listenToKeys(document) {
  const table = readTable(document);
  const sheet = document.getElementById("keys-sheet");
  document.addEventListener("click", (event) => {
    if (sheet && event.target.closest('[data-key="?"]') && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      sheet.showModal();
    }
  });
  document.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    if (name === null || event.defaultPrevented || event.isComposing) return;
    if (name === "Control+Enter" && isTyping(event.target)) {
      event.preventDefault();
      event.target.form?.requestSubmit();
      return;
    }
    if (name === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target) || sheet?.open || areOff(document)) return;
    const known = table.get(name);
    if (known && known.length === 1 && press(document, known)) event.preventDefault();
  });
}
