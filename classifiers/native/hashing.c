/* Numbers for pieces of words, words and pairs of words.
 *
 * Plain 32-bit arithmetic on code points, so a feature has the same number on every machine.
 */

#include "reading.h"

enum { SPACE = 0x20, BUCKET_BITS = 18, LONGEST_WORD = 40, DENIAL_REACHES = 3, SHORTEST_BROKEN = 4 };

static const uint32_t STEP = 0x01000193u, SPREAD = 0x2C1B3C6Du, PLACE = 0x9E3779B1u, ORDER = 0x1F3D5B79u;
static const uint32_t WORD = 0x51ED270Bu, BARE_WORD = 0xB5297A4Du, PAIR = 0x68E31DA4u;
static const uint32_t STRETCHED = 0x3C6EF372u;

static uint32_t bucket_of(uint32_t hash) { return ((hash ^ (hash >> 15)) * SPREAD) >> (32 - BUCKET_BITS); }

/* Buckets of the pieces that start at some places: 2 to LONGEST_PIECE characters within one word, its border counted
 * as a character. There is room for PIECES_PER_PLACE each. */
size_t hash_pieces(const Folded *folded, size_t from, size_t to, uint32_t *buckets) {
    const uint32_t *restrict codes = folded->bare;
    const uint8_t *restrict solid = folded->solid;
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        unsigned inner = solid[i + 1] != 0;
        uint32_t hash = codes[i] * STEP + codes[i + 1];
        buckets[n] = bucket_of(hash + 2 * ORDER);
        n += inner | (solid[i] != 0);
        hash = hash * STEP + codes[i + 2];
        buckets[n] = bucket_of(hash + 3 * ORDER);
        n += inner;
        inner &= solid[i + 2] != 0;
        hash = hash * STEP + codes[i + 3];
        buckets[n] = bucket_of(hash + 4 * ORDER);
        n += inner;
        inner &= solid[i + 3] != 0;
        hash = hash * STEP + codes[i + 4];
        buckets[n] = bucket_of(hash + 5 * ORDER);
        n += inner;
    }
    return n;
}

/* Buckets of a word, of its bare form, and of the pair it makes with the next one. */
void hash_word(const Folded *folded, size_t word, uint32_t buckets[WORD_BUCKETS]) {
    uint32_t next = word + 1 < folded->n_words ? folded->bare_hash[word + 1] : 0;
    buckets[0] = bucket_of(folded->exact_hash[word] ^ WORD);
    buckets[1] = bucket_of(folded->bare_hash[word] ^ BARE_WORD);
    buckets[2] = bucket_of((folded->bare_hash[word] * STEP ^ PAIR) + next);
}

uint32_t word_slot(uint32_t hash, int32_t bits) { return (hash * PLACE) >> (32 - bits); }

/* What is known of a word by its hash. */
uint32_t look_up(const Tables *tables, uint32_t hash) {
    uint32_t last = (1u << tables->word_bits) - 1;
    for (uint32_t slot = word_slot(hash, tables->word_bits);; slot = (slot + 1) & last) {
        WordEntry entry = tables->words[slot];
        if (entry.hash == hash || !entry.hash) return entry.lists;
    }
}

/* By this hash a word is known to those that stretch its letters: `loooove`. */
uint32_t stretched(uint32_t bare_hash) { return bare_hash ^ STRETCHED; }

/* The hash of a word goes on letter by letter; `power` is 1 before the first. */
static uint32_t spell(uint32_t hash, uint32_t letter, size_t place, uint32_t *power) {
    if (place < LONGEST_WORD) *power *= PLACE;
    return hash + letter * *power;
}

/* The hash of letters that make a word. */
uint32_t hash_letters(const uint32_t *letters, size_t n) {
    uint32_t hash = 0, power = 1;
    for (size_t i = 0; i < n; i++) hash = spell(hash, letters[i], i, &power);
    return hash;
}

static size_t end_of_word(const Folded *folded, size_t at) {
    size_t end = at + 1;
    if (folded->solid[at] == WORDY)
        while (folded->solid[end] == WORDY) end++;
    return end;
}

/* A run of letters and digits is a word, and so is each sign. A text opens with an empty word, its separator. */
static void hash_words(const Tables *tables, Folded *folded) {
    const uint32_t *restrict exact = folded->exact, *restrict bare = folded->bare;
    size_t n = 1;
    folded->at[0] = 0;
    folded->exact_hash[0] = folded->bare_hash[0] = folded->lists[0] = 0;
    for (size_t i = 1; i < folded->n;) {
        if (!folded->solid[i]) {
            i++;
            continue;
        }
        size_t end = end_of_word(folded, i), n_single = 0;
        uint32_t exact_hash = 0, spelt_hash = 0, bare_hash = 0, power = 1, bare_power = 1;
        uint8_t goes_on = 0;
        for (size_t place = i; place < end; place++) {
            exact_hash = spell(exact_hash, exact[place], place - i, &power);
            spelt_hash += bare[place] * power;
            goes_on |= folded->marks[place];
            if (place > i && bare[place] == bare[place - 1]) continue;
            bare_hash = spell(bare_hash, bare[place], n_single++, &bare_power);
        }
        uint32_t lists = look_up(tables, spelt_hash);
        if (!lists && goes_on) lists = look_up(tables, stretched(bare_hash));
        folded->at[n] = (uint32_t)i;
        folded->exact_hash[n] = exact_hash;
        folded->bare_hash[n] = bare_hash;
        folded->lists[n] = lists;
        n++;
        i = end;
    }
    folded->n_words = n;
}

/* Whether two words are one insult with a single joiner inside, as in `con.nard`; a space joins nothing. */
static int is_broken_insult(const Tables *tables, const Folded *folded, size_t word) {
    size_t at = folded->at[word], end = end_of_word(folded, at);
    size_t next = folded->at[word + 1], next_end = end_of_word(folded, next);
    if (folded->solid[at] != WORDY || folded->solid[next] != WORDY) return 0;
    size_t gap = folded->origin[end - 1] + 1;
    if (folded->origin[next] != gap + 1 || folded->raw[gap] == SPACE || folded->raw[gap] >= TABLE_SIZE) return 0;
    if (!(tables->traits[folded->raw[gap]] & JOINER)) return 0;
    size_t length = end - at + next_end - next;
    if (length < SHORTEST_BROKEN || length > LONGEST_INSULT) return 0;
    uint32_t letters[LONGEST_INSULT];
    memcpy(letters, folded->bare + at, (end - at) * sizeof *letters);
    memcpy(letters + (end - at), folded->bare + next, (next_end - next) * sizeof *letters);
    return (look_up(tables, hash_letters(letters, length)) & VILE) != 0;
}

/* The words of a text with the lists they are on; a kind or cross word soon after a denial counts apart. */
void find_words(const Tables *tables, Folded *folded) {
    hash_words(tables, folded);
    for (size_t i = 1; i + 1 < folded->n_words; i++)
        if (is_broken_insult(tables, folded, i)) folded->lists[i + 1] |= tables->insult;
    size_t reach = 0; /* the first word that no denial reaches */
    for (size_t i = 1; i < folded->n_words; i++) {
        uint32_t lists = folded->lists[i];
        folded->denied[i] = i < reach ? lists & tables->deniable : 0;
        if (lists & tables->denial) reach = i + 1 + DENIAL_REACHES;
    }
}
