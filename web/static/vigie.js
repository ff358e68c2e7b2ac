// Keys, live updates and comfort over a page that works without any of this.
import { listenToBoxes } from "./compose.js";
import { closeFolds } from "./folds.js";
import { actInPlace } from "./inplace.js";
import { listenToKeys } from "./keys.js";
import { startAnew, watch } from "./live.js";
import { holdWords, keepWords, restoreWords } from "./words.js";

listenToKeys(document);
listenToBoxes(document);
keepWords(document);
actInPlace(document, (main, isSent) => {
  listenToBoxes(main);
  if (isSent) restoreWords(main);
  else holdWords(main);
  startAnew();
});
watch(document);
closeFolds(document);
document.documentElement.classList.add("with-script");
