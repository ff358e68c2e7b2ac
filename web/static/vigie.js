// Keys, live updates and comfort over a page that works without any of this.
import { listenToBoxes } from "./compose.js";
import { actInPlace } from "./inplace.js";
import { listenToKeys } from "./keys.js";
import { startAnew, watch } from "./live.js";
import { keepWords, restoreWords } from "./words.js";

document.documentElement.classList.add("with-script");
listenToKeys(document);
listenToBoxes(document);
keepWords(document);
actInPlace(document, (main) => {
  listenToBoxes(main);
  restoreWords(main);
  startAnew();
});
watch(document);
