// Acts of the inbox without leaving the page: the same form is sent, and what comes back takes the place of what is there.

/** Forms that are sent in place: acts on a conversation, from the inbox. Others load a page as ever. */
function isOurs(form, action) {
  const inbox = form.ownerDocument.querySelector("main.inbox");
  return inbox !== null && form.method === "post" && form.enctype !== "multipart/form-data" &&
    new URL(action, location.href).origin === location.origin && /\/b\/[^/]+\/c\/\d+\//.test(action);
}

/** Send a form as a browser does by itself, with the button that was pressed. */
function sendPlainly(form, submitter) {
  if (submitter?.name) {
    const said = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name });
    said.value = submitter.value;
    form.append(said);
  }
  if (submitter?.hasAttribute("formaction")) form.action = submitter.formAction;
  HTMLFormElement.prototype.submit.call(form);
}

/** Where the eye is: what has the focus, and how far each pane is scrolled. */
function whereIs(document) {
  const focused = document.activeElement;
  return {
    talk: document.querySelector(".talk")?.dataset.conversation,
    row: focused?.closest("#rows > li")?.id,
    id: focused?.id,
    isBox: focused?.matches("textarea") ?? false, // what is typed after it was sent are keys again
    act: focused?.closest("main form[data-act]")?.dataset.act,
    panes: [".list", ".talk", ".around"].map((pane) => document.querySelector(`main > ${pane}`)?.scrollTop ?? 0),
    top: window.scrollY,
  };
}

function goBackTo(document, was, isDone) {
  const isSame = document.querySelector(".talk")?.dataset.conversation === was.talk;
  [".list", ".talk", ".around"].forEach((pane, place) => {
    const there = document.querySelector(`main > ${pane}`);
    if (there && (isSame || place === 0)) there.scrollTop = was.panes[place];
  });
  window.scrollTo({ top: isSame ? was.top : 0, behavior: "instant" });
  const again = (was.row && document.querySelector(`#${CSS.escape(was.row)} > a`)) ||
    (isSame && was.id && !(isDone && was.isBox) && document.getElementById(was.id)) ||
    (isSame && was.act && !was.isBox && document.querySelector(`main form[data-act="${CSS.escape(was.act)}"] button`)) ||
    document.getElementById("main");
  again?.focus({ preventScroll: true });
}

/** What there is to say of a page after an act: what went wrong, else what was done. */
function saidBy(document) {
  const told = document.querySelector("main .wrong, .bar.done > span, main .good[role=status]");
  return told?.innerText.trim() || document.title;
}

/** Tell whoever does not see the page. */
export function announce(document, words) {
  const region = document.getElementById("live-region");
  if (region) region.textContent = words;
}

/** Take over the parts of another page, after an act that is done or refused; `renew` is called with its main part. */
export function takeOver(document, page, isDone, renew) {
  const was = whereIs(document);
  const [main, next] = [document.getElementById("main"), page.getElementById("main")];
  for (const bar of document.querySelectorAll("body > .bar")) bar.remove();
  main.before(...[...page.querySelectorAll("body > .bar")].map((bar) => document.adoptNode(bar)));
  main.replaceWith(document.adoptNode(next));
  document.title = page.title;
  renew(next);
  goBackTo(document, was, isDone);
}

/** Load a page of ours. */
export async function fetchPage(address, how = {}) {
  const answer = await fetch(address, { credentials: "same-origin", ...how });
  return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

let busy = false;

async function act(document, form, submitter, action, renew) {
  const body = new URLSearchParams(new FormData(form, submitter));
  let answer, page;
  busy = true;
  form.setAttribute("aria-busy", "true");
  try {
    ({ answer, page } = await fetchPage(action, { method: "POST", body }));
  } catch {
    sendPlainly(form, submitter); // the browser says what is wrong with the connection
    return;
  } finally {
    busy = false;
    form.removeAttribute("aria-busy");
  }
  if (answer.redirected) form.dispatchEvent(new CustomEvent("vigie:sent", { bubbles: true }));
  if (!page.getElementById("main") || (answer.redirected && !page.querySelector("main.inbox"))) {
    location.assign(answer.redirected ? answer.url : location.href);
    return;
  }
  document.documentElement.dataset.done = answer.redirected ? (form.dataset.act ?? "") : "";
  takeOver(document, page, answer.redirected, (main) => renew(main, answer.redirected));
  const address = answer.redirected ? answer.url : location.href;
  history.replaceState({ vigie: true }, "", location.href);
  if (address !== location.href) history.pushState({ vigie: true }, "", address);
  announce(document, saidBy(document));
}

/** Have the acts of the inbox done in place. */
export function actInPlace(document, renew) {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const action = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
    if (event.defaultPrevented || !isOurs(form, action)) return;
    event.preventDefault();
    if (!busy) act(document, form, submitter, action, renew);
  });
  window.addEventListener("popstate", (event) => {
    if (event.state?.vigie) location.reload();
  });
}
