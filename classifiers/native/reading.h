/* One pass over texts: from code points to plain letters, hashed features and the scores of languages.
 *
 * Python (classifiers/reading.py) makes the tables once and hands them to every call; nothing here is written to but
 * what the caller lent and scratch memory in proportion to the longest text. Hashed scores are whole numbers added up,
 * so a text reads the same alone, in any batch and on every machine.
 */

#ifndef VIGIE_READING_H
#define VIGIE_READING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Characters from here on (rare Han) all count as one letter. */
#define TABLE_SIZE 0x20000u

#define N_LANGUAGES 16
#define LONGEST_PIECE 5
#define PIECES_PER_PLACE (LONGEST_PIECE - 1)
#define WORD_BUCKETS 3

/* What one character is, as classifiers/letters.py packs it: a kind, and what it may stand for besides. */
enum kind { BOUNDARY, LETTER, DIGIT, MARK, SIGN, STAR, REMOVED };
enum {
    KIND = 0x07,
    LEET = 0x08,      /* a digit or sign that can stand for a letter */
    JOINER = 0x10,    /* holds letters apart, as in `n.u.l` */
    LOOKALIKE = 0x20, /* can be mistaken for a Latin letter */
    ACCENT = 0x40,    /* belongs to the letter before it */
    STARRED = 0x80,   /* a star */
};

/* What one character of a folded text is. */
enum {
    WORDY = 1, /* a word goes on: a letter or a digit */
    ALONE = 2, /* a word of its own: a sign */
};

/* What is known of a word. Of `lists` the low half has a bit per word list and two more, the high half a bit per
 * language the word is frequent in. */
typedef struct {
    uint32_t hash; /* of the word without accents; nought for a free slot */
    uint32_t lists;
} WordEntry;

enum {
    LISTS = 0x3FFF,
    VILE = 0x4000, /* an insult whatever the context, so that it is looked for in pieces */
};

/* An insult that a word with stars may stand for. */
enum { LONGEST_INSULT = 15 };
typedef struct {
    uint8_t length;
    uint8_t letters[LONGEST_INSULT];
} Insult;

/* A letter with its accent, and the two characters it may be written as. */
typedef struct {
    uint32_t letter, accent, composed;
} Composed;

/* 2 to 5 bytes of a text, and what they say of each language. */
typedef struct {
    uint64_t key; /* the bytes, the last one lowest; their number on top */
    int8_t says[N_LANGUAGES];
    uint64_t unused; /* so that no group lies in two lines of the cache */
} ByteGroup;

/* Eight small numbers, added up at once. */
typedef int8_t Bytes8 __attribute__((vector_size(8)));
typedef int16_t Sums8 __attribute__((vector_size(16)));

static inline Sums8 plus(Sums8 sums, const int8_t *bytes) {
    Bytes8 more;
    memcpy(&more, bytes, sizeof more);
    return sums + __builtin_convertvector(more, Sums8);
}

typedef struct {
    /* Of letters, each with TABLE_SIZE entries. */
    const uint32_t *plain; /* from the character as written */
    const uint32_t *bare;  /* from the plain form */
    const uint32_t *latin; /* from the character as written to the letter it looks like; nought for none */
    const uint32_t *meant; /* from the character as written to the letter it can stand for; nought for none */
    const uint8_t *traits; /* of the character as written */
    const uint8_t *sign_columns; /* of the plain form */
    const Composed *composed; /* sorted by letter, then accent */
    int32_t n_composed;
    /* Of words: open addressing over 1 << word_bits slots. */
    const WordEntry *words;
    int32_t word_bits;
    int32_t n_lists;
    uint32_t denial;   /* the bit of the list of denials */
    uint32_t deniable; /* the bits of the lists counted apart after a denial */
    uint32_t insult;   /* the bit of the list of insults */
    const Insult *insults; /* the commonest first */
    int32_t n_insults;
    int32_t n_commonest; /* so many may have all letters but one starred */
    /* Of shape: the columns, in this order: signs, capitals, words, no letters, lists, denied lists. */
    int32_t n_signs;
    int32_t n_shape;
    const float *word_logs; /* the figure of a text with so many words; the last entry serves all above */
    int32_t n_word_logs;
    float shape_share;
    /* Of languages: groups of up to 5 bytes, found by the slot of their hash. */
    const ByteGroup *groups;
    const uint8_t *group_tags; /* of each slot: some bits of the hash of the group in it; nought for a free slot */
    const uint16_t *group_rows; /* of each slot: the row in `groups` */
    int32_t group_bits;
    float group_scale;
    float word_vote;
    /* Of scripts: for each its first code point and the one after its last. */
    const uint32_t *scripts;
    int32_t n_scripts;
    int32_t kana;
    int32_t han;
} Tables;

/* A text as the caller wrote it: code points `starts[i]` to `starts[i + 1]` of one long buffer. */
typedef struct {
    const uint32_t *codes;
    const int64_t *starts;
    int64_t n;
} Texts;

/* One byte per bucket and column; the number of columns is a multiple of 16. */
typedef struct {
    const int8_t *rows;
    int64_t n_columns;
} Weights;

/* Vectors of some words, or of some pairs of words: of each bucket its row in `rows`, nought for none. */
typedef struct {
    const uint16_t *row_of;
    const int8_t *rows;
    int64_t n_columns; /* a multiple of 16 */
    int64_t place;     /* which of a word's WORD_BUCKETS is looked up */
} Vectors;

/* Scratch for one text at a time. `raw` opens with a separator, as does the folded text. */
typedef struct {
    size_t n_raw;
    uint32_t *raw;     /* as written, mentions and addresses replaced by one private character each */
    size_t n;
    uint32_t *written; /* while folding: the character as written */
    uint32_t *exact;   /* plain letters with their accents */
    uint32_t *bare;    /* the same without accents */
    uint32_t *origin;  /* where each character stood in `raw` */
    uint8_t *traits;   /* while folding: of the character as written */
    uint8_t *letter;   /* while folding */
    uint8_t *marks;    /* while folding: places to be changed; afterwards: letters that went on more than twice */
    uint8_t *pairs;    /* while folding: single letters with one joiner between them */
    uint8_t *solid;    /* WORDY, ALONE or neither */
    size_t n_words;
    uint32_t *at;      /* where each word starts; the first is the separator */
    uint32_t *exact_hash;
    uint32_t *bare_hash; /* of the word without accents and doubled letters; nought for the separator */
    uint32_t *lists;   /* of each word, as in WordEntry */
    uint8_t *bytes;    /* the text in UTF-8, as far as it tells a language */
    uint32_t *denied;  /* of each word those of its lists that a denial before it turns round */
} Folded;

int folded_open(Folded *folded, const Texts *texts);
void folded_close(Folded *folded);

/* Folding: `text` becomes plain letters, tricks of spelling undone. */
void fold_text(const Tables *tables, const uint32_t *text, size_t n, Folded *folded);

/* Hashing: the words of a folded text, and the buckets of its pieces and words. */
uint32_t word_slot(uint32_t hash, int32_t bits);
uint32_t stretched(uint32_t bare_hash);
uint32_t look_up(const Tables *tables, uint32_t hash);
uint32_t hash_letters(const uint32_t *letters, size_t n);
void find_words(const Tables *tables, Folded *folded);
size_t hash_pieces(const Folded *folded, size_t from, size_t to, uint32_t *buckets);
void hash_word(const Folded *folded, size_t word, uint32_t buckets[WORD_BUCKETS]);

/* Language: log odds, and the row of the script that most letters are of; -1 for Latin or none, and the number of
 * scripts for one that is not among them. */
void score_languages(const Tables *tables, const Folded *folded, float scores[N_LANGUAGES]);
int find_script(const Tables *tables, const Folded *folded);

#endif
