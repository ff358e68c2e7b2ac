// The box of the rule book: numbers beside its lines while you type, and a leap to the line that a finding names.
const book = document.getElementById("book");

function renumber(numbers, marks) {
  const wanted = book.value.split("\n").length;
  if (numbers.childElementCount === wanted) return;
  const lines = Array.from({ length: wanted }, (_, place) => {
    const line = document.createElement("span");
    line.id = `line-${place + 1}`;
    line.className = marks.get(place + 1) ?? "";
    line.textContent = String(place + 1);
    return [line, "\n"];
  });
  numbers.replaceChildren(...lines.flat());
  book.rows = wanted + 1;
}

function leap(number) {
  const lines = book.value.split("\n");
  const from = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  book.focus({ preventScroll: true });
  book.setSelectionRange(from, from + (lines[number - 1] ?? "").length);
  document.getElementById(`line-${number}`)?.scrollIntoView({ block: "center" });
}

if (book) {
  const numbers = document.querySelector(".book .lines");
  const marks = new Map(
    [...numbers.querySelectorAll("[class]")].map((line) => [Number(line.textContent), line.className]),
  );
  book.addEventListener("input", () => renumber(numbers, marks));
  for (const link of document.querySelectorAll("a[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leap(Number(link.dataset.line));
    });
  }
  if (book.dataset.line) leap(Number(book.dataset.line));
}
