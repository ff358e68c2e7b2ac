// A list under the box while somebody types: prepared answers after a slash, people of the team after an @.

const MOST = 8;

/** What is being typed at the caret after a mark, such as "sor" after "/sor"; null where nothing is. */
export function typedAfter(mark, text, caret) {
  const before = text.slice(0, caret);
  const at = before.lastIndexOf(mark);
  if (at < 0 || (at > 0 && !/\s/.test(before[at - 1]))) return null;
  const word = before.slice(at + 1);
  return /\s/.test(word) ? null : { at, word };
}

/** A text without case and accents. */
function plain(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

/** The prepared answers of a conversation, read from the page that lists them for whoever has no script. */
async function load(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) return [];
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("#prepared > li[data-code]")].map((one) => ({
    word: one.dataset.code,
    title: one.querySelector(".title").textContent,
    text: one.querySelector(".said").textContent,
  }));
}

class CaretList {
  constructor(box, mark, offers, take) {
    Object.assign(this, { box, mark, offers, take, chosen: 0, shown: [] });
    this.list = document.createElement("ul");
    this.list.className = "caret-list";
    this.list.id = `${box.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    const holder = document.createElement("div");
    holder.className = "caret-holder";
    box.after(holder);
    holder.append(this.list);
    box.setAttribute("aria-controls", this.list.id);
    box.addEventListener("input", () => this.look());
    box.addEventListener("keydown", (event) => this.onKey(event));
    box.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  async look() {
    const typed = typedAfter(this.mark, this.box.value, this.box.selectionStart);
    if (typed === null) return this.close();
    const offers = await this.offers();
    const now = typedAfter(this.mark, this.box.value, this.box.selectionStart);
    if (now === null) return this.close();
    const wanted = plain(now.word);
    const called = offers.filter((one) => plain(`${one.word} ${one.title}`).includes(wanted));
    const saying = offers.filter((one) => !called.includes(one) && plain(one.text ?? "").includes(wanted));
    this.shown = [...called, ...saying].slice(0, MOST);
    this.chosen = 0;
    this.draw();
  }

  draw() {
    this.list.replaceChildren(
      ...this.shown.map((one, place) => {
        const row = document.createElement("li");
        row.id = `${this.list.id}-${place}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(place === this.chosen));
        const word = document.createElement("strong");
        word.textContent = this.mark + one.word;
        const why = document.createElement("span");
        why.className = "why";
        why.textContent = one.text ?? "";
        row.append(word, ` ${one.title}`, why);
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          this.choose(place);
        });
        return row;
      }),
    );
    this.list.hidden = this.shown.length === 0;
    if (this.list.hidden) this.box.removeAttribute("aria-activedescendant");
    else {
      this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
      this.list.scrollIntoView({ block: "nearest" });
    }
  }

  onKey(event) {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.chosen = (this.chosen + step + this.shown.length) % this.shown.length;
      this.draw();
    } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
      this.choose(this.chosen);
    } else if (event.key === "Escape") {
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(place) {
    const typed = typedAfter(this.mark, this.box.value, this.box.selectionStart);
    if (typed !== null) this.take(this.box, typed, this.shown[place]);
    this.close();
  }

  close() {
    this.shown = [];
    this.draw();
  }
}

/** Put words in the place of what was typed after a mark. */
function put(box, typed, words) {
  box.setRangeText(words, typed.at, box.selectionStart, "end");
}

/** Have the boxes of a page offer what can be written there. */
export function listenToBoxes(document) {
  for (const box of document.querySelectorAll("textarea[data-compose]")) {
    let loading;
    const offers = () => (loading ??= load(box.dataset.compose));
    new CaretList(box, "/", offers, (where, typed, one) => {
      put(where, typed, one.text);
      // The program knows whose words these are, as long as they stay so.
      const kept = where.form.elements.response ?? where.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "response" }));
      kept.value = one.word;
    });
  }
  for (const box of document.querySelectorAll("textarea[data-people]")) {
    const people = box.dataset.people.split("|").filter(Boolean).map((name) => ({ word: name, title: "" }));
    new CaretList(box, "@", async () => people, (where, typed, one) => put(where, typed, `@${one.word} `));
  }
}
