// The box of the rule book: numbers beside its lines while you type, and a leap to the line that a finding names.
const book = document.getElementById("book");

function renumber(numbers, marks) {
  const wanted = book.value.split("\n").length;
  if (book.rows === wanted + 1) return;
  const lines = Array.from({ length: wanted }, (_, place) => [marks.get(place + 1) ?? String(place + 1), "\n"]);
  numbers.replaceChildren(...lines.flat());
  book.rows = wanted + 1;
}

function leap(number) {
  const lines = book.value.split("\n");
  const from = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  book.focus({ preventScroll: true });
  book.setSelectionRange(from, from + (lines[number - 1] ?? "").length);
  const frame = book.parentElement;
  frame.scrollTop = (number - 1) * parseFloat(getComputedStyle(book).lineHeight) - frame.clientHeight / 3;
  frame.scrollIntoView({ block: "nearest" });
}

if (book) {
  const numbers = document.querySelector(".book .lines");
  const marks = new Map([...numbers.querySelectorAll("span")].map((line) => [Number(line.textContent), line]));
  book.addEventListener("input", () => renumber(numbers, marks));
  for (const link of document.querySelectorAll("a[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leap(Number(link.dataset.line));
    });
  }
  if (book.dataset.line) leap(Number(book.dataset.line));
}
