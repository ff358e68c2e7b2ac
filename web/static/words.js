// Words that are typed and not sent yet are kept in this tab, so that they are there again when the page comes back.

/** Under which name the words of a box are kept: the box of this conversation. */
function nameOf(box) {
  return `vigie-words ${box.form.getAttribute("action")} ${box.id}`;
}

/** Kept words are lost with the tab; a browser that keeps nothing is no trouble. */
function keep(box) {
  if (box.value !== box.defaultValue) return write(box);
  try {
    sessionStorage.removeItem(nameOf(box));
  } catch {
    // storage is switched off
  }
}

function write(box) {
  try {
    sessionStorage.setItem(nameOf(box), box.value);
  } catch {
    // storage is full or switched off
  }
}

function kept(box) {
  try {
    return sessionStorage.getItem(nameOf(box));
  } catch {
    return null;
  }
}

/** Put words that were kept back into the boxes below `root`, where nothing newer came from the server. */
export function restoreWords(root) {
  for (const box of root.querySelectorAll("form[data-act] textarea[id]")) {
    const words = kept(box);
    if (words !== null && box.value === box.defaultValue && !box.form.querySelector(".wrong")) box.value = words;
  }
}

/** Words that have come back from the server, mended or refused, are those that are kept from now on. */
export function holdWords(root) {
  for (const box of root.querySelectorAll("form[data-act] textarea[id]")) {
    if (kept(box) !== null) write(box);
  }
}

/** Keep what is typed into the boxes of a page until it is sent. */
export function keepWords(document) {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("form[data-act] textarea[id]")) keep(event.target);
  });
  document.addEventListener("vigie:sent", (event) => {
    for (const box of event.target.querySelectorAll("textarea[id]")) {
      box.value = box.defaultValue;
      keep(box);
    }
  });
  restoreWords(document);
}
