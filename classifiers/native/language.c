/* The language of a text: by groups of bytes, by frequent words, by script. */

#include "reading.h"

#include <math.h>

enum { LONGEST_GROUP = 5, BLOCK = 256, MOST_SCRIPTS = 31 };

static const uint64_t SPREAD = 0x9E3779B97F4A7C15u;
static const double LOG_2 = 0.6931471805599453;

static uint64_t key_of(uint64_t window, unsigned length) {
    return (window & ((1ull << 8 * length) - 1)) | (uint64_t)length << 56;
}

/* A character as UTF-8, half a surrogate pair included. Returns how many bytes. */
static size_t to_utf8(uint32_t code, uint8_t *bytes) {
    if (code < 0x80) {
        bytes[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (uint8_t)(0xC0 | code >> 6);
        bytes[1] = (uint8_t)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        bytes[0] = (uint8_t)(0xE0 | code >> 12);
        bytes[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        bytes[2] = (uint8_t)(0x80 | (code & 0x3F));
        return 3;
    }
    bytes[0] = (uint8_t)(0xF0 | (code >> 18 & 0x07));
    bytes[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
    bytes[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
    bytes[3] = (uint8_t)(0x80 | (code & 0x3F));
    return 4;
}

static int is_upper(uint32_t code) { return (code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE); }

/* The text in UTF-8, a separator before it and after it, without mentions and addresses; one mostly in capitals is in
 * lower case. Returns its length with both separators. */
static size_t write_bytes(const Folded *folded) {
    size_t upper = 0, lower = 0, n = 0;
    for (size_t i = 1; i < folded->n_raw; i++) {
        upper += is_upper(folded->raw[i]);
        lower += folded->raw[i] >= 'a' && folded->raw[i] <= 'z';
    }
    for (size_t i = 0; i < folded->n_raw; i++) {
        uint32_t code = folded->raw[i];
        if (code < 0x80 && upper <= lower) {
            folded->bytes[n++] = (uint8_t)code;
            continue;
        }
        if ((code >= 0x200B && code <= 0x200F) || code == 0xE000 || code == 0xE001) continue;
        n += to_utf8(upper > lower && is_upper(code) ? code + 0x20 : code, folded->bytes + n);
    }
    folded->bytes[n] = '\n';
    return n + 1;
}

/* Where in the table a group of bytes would stand, and the mark that tells most others apart from it. */
static uint64_t slot_of(const Tables *tables, uint64_t key) { return (key * SPREAD) >> (64 - tables->group_bits); }
static uint8_t tag_of(const Tables *tables, uint64_t key) {
    return (uint8_t)(0x80 | ((key * SPREAD) >> (57 - tables->group_bits) & 0x7F));
}

/* The key of the longest group of at most `longest` bytes that a window may end with; nought where there is none. */
static uint64_t likely_key(const Tables *tables, uint64_t window, unsigned longest) {
    uint64_t likely = 0;
    for (unsigned length = 2; length <= LONGEST_GROUP; length++) {
        uint64_t key = key_of(window, length);
        unsigned found = (tables->group_tags[slot_of(tables, key)] == tag_of(tables, key)) & (length <= longest);
        likely ^= (likely ^ key) & -(uint64_t)found; /* no branch: which lengths are found is as good as random */
    }
    return likely;
}

/* The group of that key, or the longest shorter one. The tag of a slot is another group's once in a thousand times. */
static const ByteGroup *find_group(const Tables *tables, uint64_t key) {
    static const ByteGroup silent = {0};
    while (key) {
        const ByteGroup *group = tables->groups + tables->group_rows[slot_of(tables, key)];
        if (group->key == key) return group;
        key = likely_key(tables, key, (unsigned)(key >> 56) - 1);
    }
    return &silent;
}

/* Add up what the longest known group that ends at each byte says. The steps are kept apart, a block at a time, so
 * that none waits for the memory that another asks for. */
static void hear(const Tables *tables, const uint8_t *bytes, size_t n, int64_t said[N_LANGUAGES]) {
    uint64_t keys[BLOCK], window = 0;
    uint16_t rows[BLOCK];
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t to = from + BLOCK < n ? from + BLOCK : n, n_keys = 0;
        for (size_t i = from; i < to; i++) {
            window = window << 8 | bytes[i];
            keys[n_keys] = likely_key(tables, window, i < LONGEST_GROUP ? (unsigned)i + 1 : LONGEST_GROUP);
            n_keys += keys[n_keys] != 0;
        }
        for (size_t i = 0; i < n_keys; i++) {
            rows[i] = tables->group_rows[slot_of(tables, keys[i])];
            __builtin_prefetch(tables->groups + rows[i]);
        }
        Sums8 low = {0}, high = {0};
        for (size_t i = 0; i < n_keys; i++) {
            const ByteGroup *group = tables->groups + rows[i];
            if (group->key != keys[i]) group = find_group(tables, keys[i]);
            low = plus(low, group->says);
            high = plus(high, group->says + N_LANGUAGES / 2);
        }
        for (int i = 0; i < N_LANGUAGES / 2; i++) {
            said[i] += low[i];
            said[N_LANGUAGES / 2 + i] += high[i];
        }
    }
}

void score_languages(const Tables *tables, const Folded *folded, float scores[N_LANGUAGES]) {
    int64_t said[N_LANGUAGES] = {0};
    size_t n_bytes = write_bytes(folded);
    hear(tables, folded->bytes, n_bytes, said);
    n_bytes--; /* a text counts with the separator before it */
    float votes[N_LANGUAGES] = {0};
    for (size_t word = 1; word < folded->n_words; word++) {
        uint32_t languages = folded->lists[word] >> 16;
        if (!languages) continue;
        /* A word of several languages speaks for each, but less. */
        int shared = 0;
        for (uint32_t left = languages; left; left &= left - 1) shared++;
        for (int i = 0; i < N_LANGUAGES; i++)
            if (languages >> i & 1) votes[i] += 1.0f / (float)shared;
    }
    size_t n_words = folded->n_words > 1 ? folded->n_words - 1 : 1;
    float per_byte = tables->group_scale * (float)(LOG_2 / sqrt((double)n_bytes));
    float per_word = tables->word_vote / (float)sqrt((double)n_words);
    for (int i = 0; i < N_LANGUAGES; i++) scores[i] = (float)said[i] * per_byte + votes[i] * per_word;
}

/* Look-alike letters have been read as Latin by then, so that a disguise is no foreign language. */
int find_script(const Tables *tables, const Folded *folded) {
    size_t counts[MOST_SCRIPTS + 1] = {0};
    size_t letters = 0, strange = 0;
    for (size_t i = 1; i < folded->n; i++) {
        if (folded->solid[i] != WORDY) continue;
        letters++;
        uint32_t code = folded->bare[i];
        if (code < tables->scripts[0]) continue;
        strange++;
        int row = 0;
        while (row < tables->n_scripts && (code < tables->scripts[2 * row] || code >= tables->scripts[2 * row + 1]))
            row++;
        counts[row]++;
    }
    if (!strange) return -1;
    /* Japanese is written with Han letters too: a few kana decide. */
    if (counts[tables->kana] * 8 > counts[tables->han]) {
        counts[tables->kana] += counts[tables->han];
        strange += counts[tables->han];
    }
    if (strange * 2 <= letters) return -1;
    int top = 0;
    for (int row = 1; row < tables->n_scripts; row++)
        if (counts[row] > counts[top]) top = row;
    return counts[tables->n_scripts] > counts[top] ? tables->n_scripts : top;
}
