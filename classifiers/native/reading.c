/* What Python calls: whole batches of texts, one after the other. */

#include "reading.h"

#include <math.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))

enum {
    BLOCK = 256,      /* places whose pieces are weighed together */
    COLUMNS = 16,     /* columns added up together */
    ROWS_AT_ONCE = 256, /* as many sums of bytes fit into 16 bits */
    TILE = 32,        /* columns of a matrix product made together */
    FLOATS = 4,
    MOST_LISTS = 16,
    MOST_SIGNS = 31,
};

typedef float Floats __attribute__((vector_size(FLOATS * sizeof(float))));

/* What is read of a batch, each array with a row per text; `weights` may have no column. */
typedef struct {
    float *piece_sums;
    float *word_sums;
    float *vectors; /* of each text those of every table, side by side */
    int32_t *n_pieces;
    int32_t *n_words;
    float *shape;
    float *languages;
    int8_t *scripts;
} Reading;

/* Add up rows of bytes, exactly. */
static void add_rows(const Weights *weights, const uint32_t *buckets, size_t n, int64_t *sums) {
    size_t width = (size_t)weights->n_columns;
    for (size_t column = 0; column < width; column += COLUMNS) {
        const int8_t *rows = weights->rows + column;
        for (size_t from = 0; from < n; from += ROWS_AT_ONCE) {
            size_t to = from + ROWS_AT_ONCE < n ? from + ROWS_AT_ONCE : n;
            Sums8 low = {0}, high = {0};
            for (size_t i = from; i < to; i++) {
                const int8_t *row = rows + buckets[i] * width;
                low = plus(low, row);
                high = plus(high, row + COLUMNS / 2);
            }
            for (int k = 0; k < COLUMNS / 2; k++) {
                sums[column + k] += low[k];
                sums[column + COLUMNS / 2 + k] += high[k];
            }
        }
    }
}

static size_t add_pieces(const Folded *folded, size_t from, size_t to, const Weights *weights, int64_t *sums) {
    uint32_t buckets[BLOCK * PIECES_PER_PLACE + PIECES_PER_PLACE];
    size_t n_pieces = 0;
    for (; from < to; from += BLOCK) {
        size_t n = hash_pieces(folded, from, from + BLOCK < to ? from + BLOCK : to, buckets);
        add_rows(weights, buckets, n, sums);
        n_pieces += n;
    }
    return n_pieces;
}

static void add_words(const Folded *folded, size_t from, size_t to, const Weights *weights, int64_t *sums) {
    uint32_t buckets[BLOCK * WORD_BUCKETS];
    for (; from < to; from += BLOCK) {
        size_t end = from + BLOCK < to ? from + BLOCK : to;
        for (size_t word = from; word < end; word++) hash_word(folded, word, buckets + (word - from) * WORD_BUCKETS);
        add_rows(weights, buckets, (end - from) * WORD_BUCKETS, sums);
    }
}

/* The figures about the shape of a text, in the order of classifiers.features.SHAPE. */
static void tell_shape(const Tables *tables, const Folded *folded, float *shape) {
    double share = tables->shape_share;
    int32_t signs[MOST_SIGNS + 1] = {0}, listed[2 * MOST_LISTS] = {0};
    size_t upper = 0, lower = 0, letters = 0;
    for (size_t i = 1; i < folded->n_raw; i++) {
        upper += folded->raw[i] >= 'A' && folded->raw[i] <= 'Z';
        lower += folded->raw[i] >= 'a' && folded->raw[i] <= 'z';
    }
    for (size_t i = 1; i < folded->n; i++) {
        letters += folded->solid[i] == WORDY && folded->bare[i] != '0';
        if (folded->solid[i] == ALONE) signs[tables->sign_columns[folded->exact[i]]]++;
    }
    for (size_t word = 1; word < folded->n_words; word++) {
        uint32_t denied = folded->denied[word], plain = folded->lists[word] & LISTS & ~denied;
        for (int list = 0; plain; list++, plain >>= 1) listed[list] += plain & 1;
        for (int list = 0; denied; list++, denied >>= 1) listed[MOST_LISTS + list] += denied & 1;
    }
    for (int i = 0; i < tables->n_signs; i++) *shape++ = (float)((signs[i] < 3 ? signs[i] : 3) / 3.0 * share);
    *shape++ = upper > 3 ? (float)((double)upper / (double)(upper + lower) * share) : 0.0f;
    size_t last = (size_t)tables->n_word_logs - 1;
    *shape++ = tables->word_logs[folded->n_words < last ? folded->n_words : last];
    *shape++ = letters == 0;
    double per_word = share / sqrt((double)folded->n_words);
    for (int list = 0; list < 2 * MOST_LISTS; list++) {
        if (list < MOST_LISTS ? list >= tables->n_lists : !(tables->deniable >> (list - MOST_LISTS) & 1)) continue;
        *shape++ = (float)((listed[list] < 4 ? listed[list] : 4) * per_word);
    }
}

static void read_text(const Tables *tables, const Texts *texts, int64_t text, Folded *folded) {
    int64_t start = texts->starts[text];
    fold_text(tables, texts->codes + start, (size_t)(texts->starts[text + 1] - start), folded);
    find_words(tables, folded);
}

/* The buckets of a text's opening, whose weights are asked of the memory long before they are added up. */
typedef struct {
    size_t places, words, n_pieces;
    uint32_t pieces[BLOCK * PIECES_PER_PLACE + PIECES_PER_PLACE];
    uint32_t of_words[BLOCK * WORD_BUCKETS];
} Opening;

static void fetch(const Weights *weights, const uint32_t *buckets, size_t n) {
    for (size_t i = 0; i < n; i++) __builtin_prefetch(weights->rows + buckets[i] * (size_t)weights->n_columns);
}

static void hash_opening(const Folded *folded, const Weights *weights, Opening *opening) {
    opening->places = folded->n < BLOCK ? folded->n : BLOCK;
    opening->words = folded->n_words < BLOCK ? folded->n_words : BLOCK;
    opening->n_pieces = hash_pieces(folded, 0, opening->places, opening->pieces);
    fetch(weights, opening->pieces, opening->n_pieces);
    for (size_t word = 0; word < opening->words; word++)
        hash_word(folded, word, opening->of_words + word * WORD_BUCKETS);
    fetch(weights, opening->of_words, opening->words * WORD_BUCKETS);
}

/* Add up the vectors of a text's words. Its opening separator counts, for the pair that it makes. */
static void add_vectors(const Folded *folded, const Opening *opening, const Vectors *vectors, int64_t *sums) {
    Weights weights = {vectors->rows, vectors->n_columns};
    uint32_t rows[BLOCK], hashed[WORD_BUCKETS];
    for (size_t from = 0; from < folded->n_words; from += BLOCK) {
        size_t end = from + BLOCK < folded->n_words ? from + BLOCK : folded->n_words, n = 0;
        for (size_t word = from; word < end; word++) {
            const uint32_t *buckets = opening->of_words + word * WORD_BUCKETS;
            if (word >= opening->words) hash_word(folded, word, hashed), buckets = hashed;
            uint32_t row = vectors->row_of[buckets[vectors->place]];
            if (row) rows[n++] = row;
        }
        fetch(&weights, rows, n);
        add_rows(&weights, rows, n, sums);
    }
}

static void store(const int64_t *sums, int64_t n, float *into) {
    for (int64_t i = 0; i < n; i++) into[i] = (float)sums[i];
}

/* Read every text of a batch; of vectors there may be several tables, or none. Returns 0, or -1 where there is no
 * memory. */
EXPORT int vigie_read_texts(const Tables *tables, const Texts *texts, const Weights *weights, const Vectors *vectors,
                            int64_t n_vectors, const Reading *into) {
    Folded folded;
    int64_t width = weights->n_columns, widest = width;
    for (int64_t i = 0; i < n_vectors; i++)
        if (vectors[i].n_columns > widest) widest = vectors[i].n_columns;
    float *into_vectors = into->vectors;
    size_t room = ((size_t)widest + 1) * sizeof(int64_t);
    int64_t *sums = malloc(room);
    if (!sums || folded_open(&folded, texts)) {
        free(sums);
        return -1;
    }
    for (int64_t text = 0; text < texts->n; text++) {
        Opening opening;
        read_text(tables, texts, text, &folded);
        hash_opening(&folded, weights, &opening);
        tell_shape(tables, &folded, into->shape + text * tables->n_shape);
        score_languages(tables, &folded, into->languages + text * N_LANGUAGES);
        into->scripts[text] = (int8_t)find_script(tables, &folded);
        memset(sums, 0, room);
        add_rows(weights, opening.pieces, opening.n_pieces, sums);
        size_t n_pieces = opening.n_pieces + add_pieces(&folded, opening.places, folded.n, weights, sums);
        store(sums, width, into->piece_sums + text * width);
        memset(sums, 0, room);
        add_rows(weights, opening.of_words, opening.words * WORD_BUCKETS, sums);
        add_words(&folded, opening.words, folded.n_words, weights, sums);
        store(sums, width, into->word_sums + text * width);
        for (const Vectors *of = vectors; of < vectors + n_vectors; of++) {
            memset(sums, 0, room);
            add_vectors(&folded, &opening, of, sums);
            store(sums, of->n_columns, into_vectors);
            into_vectors += of->n_columns;
        }
        into->n_pieces[text] = (int32_t)n_pieces;
        into->n_words[text] = (int32_t)(folded.n_words - 1);
    }
    folded_close(&folded);
    free(sums);
    return 0;
}

/* What is read of each word, separators left out; `starts` tells the first word of each text. */
typedef struct {
    const int64_t *starts;
    int64_t *first; /* the place of its first character in the text as written */
    int64_t *last;
    uint32_t *sign; /* what its first character is read as */
    uint32_t *lists;
    uint32_t *denied;
    float *piece_sums;
    float *word_sums;
} WordReading;

/* Read every word of a batch. Returns 0, or -1 where there is no memory. */
EXPORT int vigie_read_words(const Tables *tables, const Texts *texts, const Weights *weights,
                            const WordReading *into) {
    Folded folded;
    int64_t width = weights->n_columns;
    size_t room = ((size_t)width + 1) * sizeof(int64_t);
    int64_t *sums = malloc(room);
    if (!sums || folded_open(&folded, texts)) {
        free(sums);
        return -1;
    }
    for (int64_t text = 0; text < texts->n; text++) {
        read_text(tables, texts, text, &folded);
        int64_t row = into->starts[text];
        for (size_t word = 1; word < folded.n_words; word++, row++) {
            size_t at = folded.at[word], end = at + 1;
            while (folded.solid[at] == WORDY && folded.solid[end] == WORDY) end++;
            into->first[row] = (int64_t)folded.origin[at] - 1;
            into->last[row] = (int64_t)folded.origin[end - 1] - 1;
            into->sign[row] = folded.exact[at];
            into->lists[row] = folded.lists[word] & LISTS & ~folded.denied[word];
            into->denied[row] = folded.denied[word];
            /* A piece that starts on the border before a word belongs to the word. */
            size_t from = at - (folded.solid[at - 1] != WORDY && folded.at[word - 1] + 1 < at);
            size_t to = folded.n;
            if (word + 1 < folded.n_words) {
                size_t next = folded.at[word + 1];
                to = next - (folded.solid[next - 1] != WORDY && at + 1 < next);
            }
            memset(sums, 0, room);
            add_pieces(&folded, from, to, weights, sums);
            store(sums, width, into->piece_sums + row * width);
            memset(sums, 0, room);
            add_words(&folded, word, word + 1, weights, sums);
            store(sums, width, into->word_sums + row * width);
        }
    }
    folded_close(&folded);
    free(sums);
    return 0;
}

/* Every text as folded: plain letters and bare ones. Each text has room for one place more than it has characters, and
 * `lengths` tells how many it took. */
EXPORT int vigie_fold_texts(const Tables *tables, const Texts *texts, uint32_t *exact, uint32_t *bare,
                            int64_t *lengths) {
    Folded folded;
    if (folded_open(&folded, texts)) return -1;
    for (int64_t text = 0; text < texts->n; text++) {
        read_text(tables, texts, text, &folded);
        int64_t at = texts->starts[text] + text;
        lengths[text] = (int64_t)folded.n;
        for (size_t i = 0; i < folded.n; i++, at++) {
            exact[at] = folded.exact[i];
            bare[at] = folded.bare[i];
        }
    }
    folded_close(&folded);
    return 0;
}

/* The buckets of each text: those of its pieces, then those of its words. Returns 0, or -1 where there is no memory. */
EXPORT int vigie_read_buckets(const Tables *tables, const Texts *texts, uint32_t *buckets) {
    Folded folded;
    if (folded_open(&folded, texts)) return -1;
    for (int64_t text = 0; text < texts->n; text++) {
        read_text(tables, texts, text, &folded);
        for (size_t from = 0; from < folded.n; from += BLOCK) {
            uint32_t block[BLOCK * PIECES_PER_PLACE + PIECES_PER_PLACE];
            size_t n = hash_pieces(&folded, from, from + BLOCK < folded.n ? from + BLOCK : folded.n, block);
            memcpy(buckets, block, n * sizeof *block);
            buckets += n;
        }
        for (size_t word = 0; word < folded.n_words; word++, buckets += WORD_BUCKETS)
            hash_word(&folded, word, buckets);
    }
    folded_close(&folded);
    return 0;
}

/* The two hashes that each text's first word is known by: as it is spelt, and with stretched letters; nought where it
 * has no word. */
EXPORT int vigie_hash_words(const Tables *tables, const Texts *texts, uint32_t *spelt, uint32_t *any) {
    Folded folded;
    if (folded_open(&folded, texts)) return -1;
    for (int64_t text = 0; text < texts->n; text++) {
        read_text(tables, texts, text, &folded);
        spelt[text] = any[text] = 0;
        if (folded.n_words < 2) continue;
        size_t at = folded.at[1], n = 0;
        while (folded.solid[at + n] == WORDY) n++;
        spelt[text] = hash_letters(folded.bare + at, n);
        any[text] = stretched(folded.bare_hash[1]);
    }
    folded_close(&folded);
    return 0;
}

/* Fill a table of words; a word given twice is on the lists of both. */
EXPORT int vigie_fill_words(const uint32_t *hashes, const uint32_t *lists, int64_t n, WordEntry *words, int64_t bits) {
    uint32_t last = (1u << bits) - 1;
    for (int64_t i = 0; i < n; i++) {
        if (!hashes[i]) continue;
        uint32_t slot = word_slot(hashes[i], (int32_t)bits);
        while (words[slot].hash && words[slot].hash != hashes[i]) slot = (slot + 1) & last;
        words[slot].hash = hashes[i];
        words[slot].lists |= lists[i];
    }
    return 0;
}

/* Some columns of one row of a matrix product; as many as stay in registers while all of `left` goes by. */
static void multiply_tile(const float *left, const float *right, float *into, int64_t inner, int64_t width) {
    Floats sums[TILE / FLOATS] = {{0}};
    for (int64_t j = 0; j < inner; j++, right += width) {
        float factor = left[j];
        if (factor == 0) continue;
        for (int k = 0; k < TILE / FLOATS; k++) {
            Floats row;
            memcpy(&row, right + k * FLOATS, sizeof row);
            sums[k] += factor * row;
        }
    }
    memcpy(into, sums, sizeof sums);
}

/* A matrix product whose sums are made in the same order whatever the number of rows. */
EXPORT int vigie_multiply(const float *left, const float *right, float *product, int64_t n, int64_t inner,
                          int64_t width) {
    int64_t tiled = width - width % TILE;
    for (int64_t i = 0; i < n; i++, left += inner, product += width) {
        for (int64_t k = 0; k < tiled; k += TILE) multiply_tile(left, right + k, product + k, inner, width);
        for (int64_t k = tiled; k < width; k++) product[k] = 0;
        for (int64_t j = 0; j < inner; j++)
            for (int64_t k = tiled; k < width; k++) product[k] += left[j] * right[j * width + k];
    }
    return 0;
}
