// What others do, and what comes in, while a page of the inbox is open. Nothing moves under the cursor, nothing typed is touched.
import { announce, fetchPage } from "./inplace.js";
import { follow } from "./stream.js";

const PAUSE_MS = 2_000;
/** How long changes are gathered before they are asked for; the first after a quiet time are at once. */
const MOST = 200;

const fresh = new Set();
const changed = new Set();
let isBehind = false;
let asked = 0;
let waits = null;
let title = null;

function words() {
  return document.getElementById("live")?.dataset;
}

/** The button that stands above a pane and says what is new in it. */
function offer(pane, text, onClick) {
  let button = pane.querySelector(":scope > .news");
  if (!text) return button?.remove();
  if (!button) {
    button = Object.assign(document.createElement("button"), { type: "button", className: "news" });
    button.dataset.key = ".";
    pane.prepend(button);
  }
  button.onclick = onClick;
  if (button.textContent === text) return undefined;
  button.textContent = text;
  return announce(document, text);
}

/** Put one part of the page in the place of another; the focus stays where it was. */
function swap(old, next) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const again = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.localName);
  old.replaceWith(next);
  if (again) (next.matches(again) ? next : next.querySelector(again))?.focus({ preventScroll: true });
}

function putRow(row, isLeft) {
  const old = document.getElementById(row.id);
  if (!old) return;
  if (old.classList.contains("current")) {
    row.classList.add("current");
    row.querySelector("a").setAttribute("aria-current", "true");
  }
  row.classList.toggle("left", isLeft);
  const pick = row.querySelector(".pick"); // what was chosen stays chosen
  if (pick) pick.checked = old.querySelector(".pick")?.checked ?? false;
  // A row that has less to say takes no less room: what stands below stays where it is.
  row.style.minHeight = `${old.getBoundingClientRect().height}px`;
  swap(old, row);
}

/** The place behind which the list goes on: what comes after it is on another page. */
function endOfList() {
  const next = document.querySelector(".list a[rel=next]");
  return next ? new URL(next.href).searchParams.get("after") : null;
}

async function askForRows(ids) {
  const shown = ids.filter((id) => document.getElementById(`row-${id}`));
  const others = [...fresh, ...ids.filter((id) => !shown.includes(id))].slice(-MOST);
  if (!shown.length && !others.length) return;
  const address = new URL(words().rows, location.href);
  for (const id of shown.slice(0, MOST)) address.searchParams.append("shown", id);
  for (const id of new Set(others)) address.searchParams.append("new", id);
  const last = endOfList();
  if (last) address.searchParams.set("last", last);
  const { answer, page } = await fetchPage(address);
  const list = page.querySelector("ol[data-fresh]");
  if (!answer.ok || !list) return;
  const left = new Set(list.dataset.left.split(" "));
  for (const row of [...list.querySelectorAll(":scope > li[id]")]) {
    putRow(document.adoptNode(row), left.has(row.id.slice("row-".length)));
  }
  fresh.clear();
  for (const id of list.dataset.fresh.split(" ").filter(Boolean)) {
    if (!document.getElementById(`row-${id}`)) fresh.add(Number(id));
  }
}

/** What a message says, without how long ago. */
function marksOf(messages) {
  return [...messages.children].map((one) => {
    const copy = one.cloneNode(true);
    for (const part of copy.querySelectorAll("time, form, details")) part.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  });
}

/** What to say of messages that are not as they were; empty where all are. */
function newsOf(messages, next) {
  const [known, now] = [marksOf(messages), marksOf(next)];
  if (known.join("\n") === now.join("\n")) return "";
  const added = [...next.children].filter((_, place) => !known.includes(now[place]));
  const kinds = added.map((one) => (one.matches(".note") ? "note" : one.matches(".ours") ? "answer" : "message"));
  return words()[["message", "answer", "note"].find((kind) => kinds.includes(kind)) ?? "changed"];
}

/** Whether something in a part is being filled in, or about to be pressed. */
function isInUse(part) {
  const isFilled = [...part.querySelectorAll("input, textarea, select")].some((one) =>
    one.type === "checkbox" || one.type === "radio"
      ? one.checked !== one.defaultChecked
      : one.localName === "select"
        ? [...one.options].some((option) => option.defaultSelected && !option.selected)
        : one.type !== "hidden" && one.value !== one.defaultValue,
  );
  return isFilled || part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
}

async function askForTalk() {
  const talk = document.querySelector(".talk");
  const { answer, page } = await fetchPage(words().talk);
  const next = page.querySelector(".talk");
  if (!answer.ok || !next || talk !== document.querySelector(".talk")) return;
  const box = talk.querySelector("#text");
  const [from, below] = [box?.getBoundingClientRect().top, box === document.activeElement];
  const text = newsOf(talk.querySelector(".messages"), next.querySelector(".messages"));
  const around = page.querySelector(".around");
  for (const part of ["header", ".acts"]) {
    const [old, other] = [talk.querySelector(`:scope > ${part}`), next.querySelector(`:scope > ${part}`)];
    if (old && other && !isInUse(old)) old.replaceWith(document.adoptNode(other));
  }
  if (below) talk.scrollTop += box.getBoundingClientRect().top - from;
  offer(talk, text, () => {
    const messages = document.adoptNode(next.querySelector(".messages"));
    talk.querySelector(".messages").replaceWith(messages);
    const old = document.querySelector(".around");
    if (old && around && !isInUse(old)) old.replaceWith(document.adoptNode(around));
    offer(talk, "");
    messages.lastElementChild?.scrollIntoView({ block: "nearest" });
    messages.lastElementChild?.setAttribute("tabindex", "-1");
    messages.lastElementChild?.focus({ preventScroll: true });
  });
}

/** The list as it is now, with what is open and typed left as it is. */
async function showList() {
  const { answer, page } = await fetchPage(location.href);
  const [old, next] = [document.querySelector("main > .list"), page.querySelector("main > .list")];
  if (!answer.ok || !old || !next) return location.reload();
  const row = document.activeElement?.closest("#rows > li")?.id;
  old.replaceWith(document.adoptNode(next));
  fresh.clear();
  isBehind = false;
  count();
  const first = (row && document.getElementById(row)) || document.querySelector("#rows > li");
  first?.querySelector("a")?.focus();
}

/** Say in the title and above the list how many are new. */
function count() {
  const list = document.querySelector("main > .list");
  if (!list) return;
  const text = isBehind ? words().behind : fresh.size ? words().new.replace("{n}", fresh.size) : "";
  offer(list, text, showList);
  title ??= document.title;
  const bare = title.replace(/^\(\d+\+?\) /, "");
  document.title = isBehind || fresh.size ? `(${fresh.size || "…"}) ${bare}` : bare;
}

async function ask() {
  waits = null;
  asked = performance.now();
  const ids = [...changed];
  changed.clear();
  const open = Number(document.querySelector(".talk")?.dataset.conversation);
  try {
    await askForRows(ids);
    if (words()?.talk && ids.includes(open)) await askForTalk();
  } catch {
    for (const id of ids) changed.add(id); // the connection is gone for now: asked for with what comes next
  }
  if (words()) count();
}

function tell(name, ids) {
  if (!words()) return;
  if (name === "ended") {
    offer(document.querySelector("main > .list"), words().ended, () => location.reload());
    return;
  }
  if (name === "behind") isBehind = true;
  for (const id of ids) changed.add(id);
  // A little chance keeps many pages from asking all at once.
  const quiet = asked ? PAUSE_MS * (0.75 + Math.random() / 2) - (performance.now() - asked) : 0;
  waits ??= setTimeout(ask, Math.max(0, quiet));
}

/** Another page has taken the place of this one: what was new is in it. */
export function startAnew() {
  fresh.clear();
  isBehind = false;
  title = null;
}

/** Keep the inbox as it stands. */
export function watch(document) {
  const how = words();
  if (how) follow(document, how.stream, how.since, tell);
}
