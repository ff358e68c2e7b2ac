// What stands behind a word closes by itself: when one turns elsewhere, or by Escape.

/** Close every open fold but the one that holds an element. */
function closeAllBut(document, element) {
  for (const fold of document.querySelectorAll("details.fold[open]")) {
    if (!fold.contains(element)) fold.removeAttribute("open");
  }
}

export function closeFolds(document) {
  document.addEventListener("click", (event) => closeAllBut(document, event.target));
  document.addEventListener("focusin", (event) => closeAllBut(document, event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const fold = event.target.closest?.("details.fold[open]");
    if (!fold) return;
    fold.removeAttribute("open");
    fold.querySelector("summary").focus();
  });
}
