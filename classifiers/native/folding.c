/* From a text as written to plain letters, tricks of spelling undone.
 *
 * Undone are: compatibility letters (full width, bold), characters nobody sees, look-alike letters of other scripts,
 * digits inside words, letters spaced apart or repeated, stars inside insults. Accents written apart go to their
 * letters; mentions and addresses become one private character each.
 */

#include "reading.h"

#include <stdlib.h>

enum {
    SPACE = 0x20,
    SEPARATOR = '\n',
    HIDDEN = 0x200B,
    MENTION = 0xE000,
    ADDRESS = 0xE001,
    LATIN_ENDS = 0x250,
    GUARD = 8, /* places after the text that windows may look at */
};

static uint8_t traits_of(const Tables *tables, uint32_t code) {
    return tables->traits[code < TABLE_SIZE ? code : TABLE_SIZE - 1];
}

static int is_alphanumeric(const Tables *tables, uint32_t code) {
    uint8_t kind = traits_of(tables, code) & KIND;
    return kind == LETTER || kind == MARK || kind == DIGIT;
}

static int continues_name(const Tables *tables, uint32_t code) {
    return code == '_' || is_alphanumeric(tables, code);
}

static int is_space(uint32_t code) {
    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
           code == 0x202F || code == 0x205F || code == 0x3000;
}

static int begins_with(const uint32_t *at, const char *word) {
    while (*word && *at == (uint32_t)*word) {
        at++;
        word++;
    }
    return !*word;
}

/* One private character, then unseen ones, so that every place in the text stays where it was; not straight after
 * `before` where that goes on with a word. */
static void stand_in(const Tables *tables, uint32_t before, uint32_t *raw, size_t from, size_t to, uint32_t sign) {
    if (is_alphanumeric(tables, before) || before == '@') return;
    raw[from] = sign;
    for (size_t i = from + 1; i < to; i++) raw[i] = HIDDEN;
}

/* `@somebody`, at least two characters long. */
static void replace_mentions(const Tables *tables, Folded *folded) {
    uint32_t *raw = folded->raw, before = raw[0];
    for (size_t i = 1; i < folded->n_raw;) {
        size_t end = i + 1;
        if (raw[i] == '@')
            while (end < folded->n_raw && continues_name(tables, raw[end])) end++;
        uint32_t last = raw[end - 1];
        if (end - i > 2) stand_in(tables, before, raw, i, end, MENTION);
        before = last;
        i = end;
    }
}

static size_t skip_to_space(const Folded *folded, size_t i) {
    while (i < folded->n_raw && !is_space(folded->raw[i])) i++;
    return i;
}

/* `http` or `https` as a word of its own, with what follows `://` up to the next space. */
static void replace_schemes(const Tables *tables, Folded *folded) {
    uint32_t *raw = folded->raw;
    for (size_t i = 1; i < folded->n_raw; i++) {
        if (!begins_with(raw + i, "http")) continue;
        size_t end = i + 4 + (raw[i + 4] == 's');
        if (continues_name(tables, raw[end])) continue;
        if (begins_with(raw + end, "://")) end = skip_to_space(folded, end + 3);
        stand_in(tables, raw[i - 1], raw, i, end, ADDRESS);
        i = end - 1;
    }
}

/* `www.` and at least one character more. */
static void replace_sites(const Tables *tables, Folded *folded) {
    for (size_t i = 1; i < folded->n_raw; i++) {
        if (!begins_with(folded->raw + i, "www.")) continue;
        size_t end = skip_to_space(folded, i + 4);
        if (end == i + 4) continue;
        stand_in(tables, folded->raw[i - 1], folded->raw, i, end, ADDRESS);
        i = end - 1;
    }
}

/* One letter of a letter and the accent that follows it; nought where there is none. */
static uint32_t composed_of(const Tables *tables, uint32_t letter, uint32_t accent) {
    int32_t low = 0, high = tables->n_composed;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        const Composed *pair = tables->composed + middle;
        if (pair->letter == letter && pair->accent == accent) return pair->composed;
        if (pair->letter < letter || (pair->letter == letter && pair->accent < accent))
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Put accents that are written apart on their letters. */
static void compose(const Tables *tables, Folded *folded) {
    uint32_t *raw = folded->raw;
    size_t letter = 0;
    for (size_t i = 1; i < folded->n_raw; i++) {
        if (!(traits_of(tables, raw[i]) & ACCENT)) {
            letter = i;
            continue;
        }
        uint32_t composed = composed_of(tables, raw[letter], raw[i]);
        if (!composed) continue;
        raw[letter] = composed;
        raw[i] = HIDDEN;
    }
}

static void copy_text(const Tables *tables, const uint32_t *text, size_t n, Folded *folded) {
    uint32_t *raw = folded->raw;
    folded->n_raw = n + 1;
    raw[0] = SEPARATOR;
    memcpy(raw + 1, text, n * sizeof *text);
    for (size_t i = 0; i < GUARD; i++) raw[n + 1 + i] = SEPARATOR;
    unsigned accent = 0, mention = 0, scheme = 0, site = 0;
    for (size_t i = 1; i <= n; i++) {
        accent |= (raw[i] >= 0x300) & (raw[i] < 0x370);
        mention |= raw[i] == '@';
        scheme |= (raw[i] == 't') & (raw[i + 1] == 't') & (raw[i + 2] == 'p');
        site |= (raw[i] == 'w') & (raw[i + 1] == 'w') & (raw[i + 2] == '.');
    }
    if (accent) compose(tables, folded);
    if (mention) replace_mentions(tables, folded);
    if (scheme) replace_schemes(tables, folded);
    if (site) replace_sites(tables, folded);
}

/* The characters that are seen, each in its plain form. Returns the traits of all of them together. */
static uint8_t read_letters(const Tables *tables, Folded *folded) {
    const uint32_t *restrict raw = folded->raw, *restrict plain = tables->plain;
    const uint8_t *restrict known = tables->traits;
    uint32_t *restrict written = folded->written, *restrict exact = folded->exact, *restrict origin = folded->origin;
    uint8_t *restrict traits = folded->traits, *restrict letter = folded->letter;
    size_t n = 0, n_raw = folded->n_raw;
    uint8_t seen = 0;
    for (size_t i = 0; i < n_raw; i++) {
        uint32_t code = raw[i] < TABLE_SIZE ? raw[i] : TABLE_SIZE - 1;
        uint8_t here = known[code];
        written[n] = code;
        exact[n] = plain[code];
        origin[n] = (uint32_t)i;
        traits[n] = here;
        n += (here & KIND) != REMOVED;
        seen |= here;
    }
    memset(traits + n, BOUNDARY, GUARD);
    for (size_t i = 0; i < n + GUARD; i++) letter[i] = (traits[i] & KIND) == LETTER || (traits[i] & KIND) == MARK;
    folded->n = n;
    return seen;
}

/* Read letters of other scripts beside Latin ones as the Latin letters they look like. */
static void undo_lookalikes(const Tables *tables, Folded *folded) {
    uint32_t *restrict exact = folded->exact;
    const uint32_t *restrict written = folded->written, *restrict latin = tables->latin;
    const uint8_t *restrict letter = folded->letter;
    for (int round = 0; round < 3; round++) {
        unsigned any = 0;
        for (size_t i = 1; i < folded->n; i++) {
            int beside = (letter[i - 1] && exact[i - 1] < LATIN_ENDS) ||
                         (i + 1 < folded->n && letter[i + 1] && exact[i + 1] < LATIN_ENDS);
            folded->marks[i] = beside && latin[written[i]] && latin[written[i]] != exact[i];
            any |= folded->marks[i];
        }
        if (!any) return;
        for (size_t i = 1; i < folded->n; i++)
            if (folded->marks[i]) exact[i] = latin[written[i]];
    }
}

/* Read one or two digits or signs between letters as the letters they stand for. */
static void undo_leet(const Tables *tables, Folded *folded) {
    const uint8_t *traits = folded->traits;
    uint8_t *letter = folded->letter;
    for (size_t i = 1; i < folded->n; i++) {
        int before = letter[i - 1] || ((traits[i - 1] & LEET) && letter[i - 2]);
        int after = letter[i + 1] || ((traits[i + 1] & LEET) && letter[i + 2]);
        folded->marks[i] = (traits[i] & LEET) && before && after;
    }
    for (size_t i = 1; i < folded->n; i++) {
        if (!folded->marks[i]) continue;
        folded->exact[i] = tables->meant[folded->written[i]];
        letter[i] = 1;
    }
}

/* The insult that letters and stars stand for; NULL where there is none. */
static const Insult *find_starred(const Tables *tables, const Folded *folded, size_t from, size_t length) {
    size_t n_known = 0;
    for (size_t i = 0; i < length; i++) n_known += folded->letter[from + i];
    for (int32_t row = 0; row < (n_known > 1 ? tables->n_insults : tables->n_commonest); row++) {
        const Insult *insult = tables->insults + row;
        if (insult->length != length) continue;
        size_t same = 0;
        while (same < length && (!folded->letter[from + same] ||
                                 tables->bare[folded->exact[from + same]] == insult->letters[same]))
            same++;
        if (same == length) return insult;
    }
    return NULL;
}

static int is_star(const Folded *folded, size_t i) { return (folded->traits[i] & KIND) == STAR; }

/* Whether the stars that end a word are a footnote's or a typeface's: the word before them is known, or as short as
 * no insult is, or as many stars open it. */
static int is_emphasis(const Tables *tables, const Folded *folded, size_t from, size_t length) {
    size_t stem = length, opening = 0;
    while (is_star(folded, from + stem - 1)) stem--;
    if (stem == length) return 0;
    while (opening < from && is_star(folded, from - 1 - opening)) opening++;
    if (opening >= length - stem) return 1;
    uint32_t letters[LONGEST_INSULT];
    for (size_t i = 0; i < stem; i++) {
        if (!folded->letter[from + i]) return 0;
        letters[i] = tables->bare[folded->exact[from + i]];
    }
    return (length - stem == 1 && stem < 3) || (stem > 1 && look_up(tables, hash_letters(letters, stem)) != 0);
}

/* Read a word with stars as the insult it stands for; all other stars part words. */
static void undo_stars(const Tables *tables, Folded *folded) {
    uint8_t *letter = folded->letter;
    for (size_t i = 1; i < folded->n; i++) {
        if (!is_star(folded, i) || !letter[i - 1]) continue;
        size_t from = i;
        while (letter[from - 1]) from--;
        while (i < folded->n && (letter[i] || is_star(folded, i))) i++;
        size_t length = i - from;
        if (length > LONGEST_INSULT || is_emphasis(tables, folded, from, length)) continue;
        const Insult *insult = find_starred(tables, folded, from, length);
        if (!insult) continue;
        for (size_t k = 0; k < length; k++) {
            if (!letter[from + k]) folded->exact[from + k] = insult->letters[k];
            letter[from + k] = 1;
        }
    }
}

/* What each character is in the end. */
static void tell_solid(Folded *folded) {
    const uint8_t *restrict letter = folded->letter, *restrict traits = folded->traits;
    uint8_t *restrict solid = folded->solid;
    uint32_t *restrict exact = folded->exact;
    size_t n = folded->n;
    for (size_t i = 0; i < n; i++) {
        uint8_t wordy = letter[i] | ((traits[i] & KIND) == DIGIT), sign = (traits[i] & KIND) == SIGN;
        solid[i] = wordy ? WORDY : sign ? ALONE : 0;
    }
    for (size_t i = 0; i < n; i++) exact[i] = solid[i] ? exact[i] : SPACE;
}

/* Whether a letter stands for a whole word before an apostrophe, as in `t'as`: it belongs to no letters spaced apart. */
static int is_elided(const Folded *folded, size_t place) {
    if (place + 2 >= folded->n || !folded->letter[place + 2]) return 0;
    return folded->written[place + 1] == '\'' || folded->written[place + 1] == 0x2019;
}

/* Mark what holds four or more single letters apart, as in `n u l s`. */
static void mark_joints(Folded *folded) {
    size_t n = folded->n;
    const uint8_t *letter = folded->letter;
    uint8_t *marks = folded->marks, *pair = folded->pairs;
    for (size_t i = 1; i < n; i++) {
        uint8_t here = letter[i] & !letter[i - 1] & !letter[i + 1];
        uint8_t there = letter[i + 2] & !letter[i + 1] & !letter[i + 3];
        pair[i] = here & there & ((folded->traits[i + 1] & JOINER) != 0) && !is_elided(folded, i + 2);
    }
    unsigned any = 0;
    for (size_t i = 3; i < n; i++) any |= pair[i] & pair[i - 2];
    if (!any) return;
    for (size_t i = 1; i < n; i++) {
        if (!pair[i]) continue;
        int back = i > 2 && pair[i - 2], ahead = i + 2 < n && pair[i + 2];
        int far_back = i > 4 && pair[i - 4], far_ahead = i + 4 < n && pair[i + 4];
        if ((ahead && far_ahead) || (back && ahead) || (back && far_back)) marks[i + 1] = 1;
    }
}

/* Drop what is marked, the third and later of the same character in a row, and the second and later of spaces. */
static void squeeze(const Tables *tables, Folded *folded) {
    uint32_t *restrict exact = folded->exact, *restrict bare = folded->bare, *restrict origin = folded->origin;
    uint8_t *restrict solid = folded->solid, *restrict marks = folded->marks;
    const uint32_t *restrict without_accent = tables->bare;
    size_t kept = 1, n = folded->n;
    uint32_t before = exact[0], two_before = 0;
    bare[0] = SPACE;
    for (size_t i = 1; i < n; i++) {
        uint32_t code = exact[i];
        int repeats = (code == before) & (code == two_before);
        int gone = marks[i] | repeats | ((code == before) & (code == SPACE));
        two_before = before;
        before = code;
        exact[kept] = code;
        bare[kept] = without_accent[code];
        solid[kept] = solid[i];
        origin[kept] = origin[i];
        marks[kept] = 0;
        marks[kept - 1] |= repeats;
        kept += !gone;
    }
    for (size_t i = kept; i < kept + GUARD; i++) exact[i] = bare[i] = SPACE;
    memset(solid + kept, 0, GUARD);
    folded->n = kept;
}

void fold_text(const Tables *tables, const uint32_t *text, size_t n, Folded *folded) {
    copy_text(tables, text, n, folded);
    uint8_t seen = read_letters(tables, folded);
    if (seen & LOOKALIKE) undo_lookalikes(tables, folded);
    if (seen & LEET) undo_leet(tables, folded);
    if (seen & STARRED) undo_stars(tables, folded);
    tell_solid(folded);
    memset(folded->marks, 0, folded->n + GUARD);
    if (seen & JOINER) mark_joints(folded);
    squeeze(tables, folded);
}

int folded_open(Folded *folded, const Texts *texts) {
    size_t longest = 0;
    for (int64_t i = 0; i < texts->n; i++) {
        size_t n = (size_t)(texts->starts[i + 1] - texts->starts[i]);
        if (n > longest) longest = n;
    }
    size_t n = longest + 1 + GUARD;
    memset(folded, 0, sizeof *folded);
    folded->raw = malloc(n * sizeof(uint32_t));
    folded->written = malloc(n * sizeof(uint32_t));
    folded->exact = malloc(n * sizeof(uint32_t));
    folded->bare = malloc(n * sizeof(uint32_t));
    folded->origin = malloc(n * sizeof(uint32_t));
    folded->traits = malloc(n);
    folded->letter = malloc(n);
    folded->marks = malloc(n);
    folded->pairs = malloc(n);
    folded->solid = malloc(n);
    folded->at = malloc(n * sizeof(uint32_t));
    folded->exact_hash = malloc(n * sizeof(uint32_t));
    folded->bare_hash = malloc(n * sizeof(uint32_t));
    folded->lists = malloc(n * sizeof(uint32_t));
    folded->denied = malloc(n * sizeof(uint32_t));
    folded->bytes = malloc(4 * n);
    if (folded->raw && folded->written && folded->exact && folded->bare && folded->origin && folded->traits &&
        folded->letter && folded->marks && folded->pairs && folded->solid && folded->at && folded->exact_hash &&
        folded->bare_hash && folded->lists && folded->denied && folded->bytes)
        return 0;
    folded_close(folded);
    return -1;
}

void folded_close(Folded *folded) {
    free(folded->raw);
    free(folded->written);
    free(folded->exact);
    free(folded->bare);
    free(folded->origin);
    free(folded->traits);
    free(folded->letter);
    free(folded->marks);
    free(folded->pairs);
    free(folded->solid);
    free(folded->at);
    free(folded->exact_hash);
    free(folded->bare_hash);
    free(folded->lists);
    free(folded->denied);
    free(folded->bytes);
}
