/* RSCORP1 screen-content corpus format: reader/writer (single header).
 *
 * All integers little endian.
 * Header, 64 bytes:
 *   0 char[8] "RSCORP1\0"   8 u32 width   12 u32 height   16 u32 tile (64)
 *  20 u32 fps*1000          24 u32 nframes  28 u32 reserved  32 u64 index_offset
 * Frame block: u32 ntiles, u32 raw_len, u32 comp_len, u32 reserved,
 *   ntiles * (u16 tx, u16 ty), then comp_len bytes of one zstd frame.
 *   The zstd payload is, for each listed tile in order, its rows
 *   (min(tile, W-tx*tile) pixels of B,G,R,0) top to bottom.
 * Frame 0 lists every tile; frame n lists the tiles that differ from n-1.
 * Index at index_offset: nframes * { u64 offset, u64 t_us, u32 ntiles, u32 changed_px }.
 */
#ifndef RS_CORPUS_H
#define RS_CORPUS_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zstd.h>

typedef struct {
    uint64_t off, t_us;
    uint32_t ntiles, changed_px;
} rs_index;
typedef struct {
    uint16_t tx, ty;
} rs_tile;
typedef struct {
    uint32_t ntiles;
    rs_tile *tiles;
    uint8_t *raw;
    size_t raw_len;
} rs_frame;
typedef struct {
    uint32_t w, h, tile, fps_milli, nframes;
    rs_index *idx;
    FILE *f;
    ZSTD_DCtx *d;
} rs_corpus;

static inline uint64_t rs_now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static inline uint64_t rs_cpu_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static inline void rs_die(const char *m) {
    fprintf(stderr, "fatal: %s\n", m);
    exit(1);
}

static inline rs_corpus *rs_open(const char *path) {
    rs_corpus *c = calloc(1, sizeof *c);
    uint8_t h[64];
    c->f = fopen(path, "rb");
    if (!c->f) {
        perror(path);
        exit(1);
    }
    if (fread(h, 1, 64, c->f) != 64 || memcmp(h, "RSCORP1", 8))
        rs_die("not an RSCORP1 file");
    memcpy(&c->w, h + 8, 4);
    memcpy(&c->h, h + 12, 4);
    memcpy(&c->tile, h + 16, 4);
    memcpy(&c->fps_milli, h + 20, 4);
    memcpy(&c->nframes, h + 24, 4);
    uint64_t io;
    memcpy(&io, h + 32, 8);
    c->idx = malloc(sizeof(rs_index) * c->nframes);
    fseeko(c->f, (off_t)io, SEEK_SET);
    if (fread(c->idx, sizeof(rs_index), c->nframes, c->f) != c->nframes)
        rs_die("short index");
    c->d = ZSTD_createDCtx();
    return c;
}
static inline void rs_tile_rect(const rs_corpus *c, rs_tile t, int *x, int *y, int *w, int *h) {
    *x = t.tx * (int)c->tile;
    *y = t.ty * (int)c->tile;
    *w = (int)c->w - *x < (int)c->tile ? (int)c->w - *x : (int)c->tile;
    *h = (int)c->h - *y < (int)c->tile ? (int)c->h - *y : (int)c->tile;
}
static inline rs_frame rs_read(rs_corpus *c, uint32_t n) {
    rs_frame fr;
    uint32_t hd[4];
    fseeko(c->f, (off_t)c->idx[n].off, SEEK_SET);
    if (fread(hd, 4, 4, c->f) != 4)
        rs_die("short frame");
    fr.ntiles = hd[0];
    fr.raw_len = hd[1];
    fr.tiles = malloc(sizeof(rs_tile) * (hd[0] + 1));
    fr.raw = malloc(hd[1] + 1);
    if (hd[0]) {
        void *z = malloc(hd[2]);
        if (fread(fr.tiles, sizeof(rs_tile), hd[0], c->f) != hd[0])
            rs_die("short tiles");
        if (fread(z, 1, hd[2], c->f) != hd[2])
            rs_die("short data");
        size_t r = ZSTD_decompressDCtx(c->d, fr.raw, hd[1], z, hd[2]);
        if (ZSTD_isError(r) || r != hd[1])
            rs_die("bad zstd data");
        free(z);
    }
    return fr;
}
static inline void rs_free(rs_frame *f) {
    free(f->tiles);
    free(f->raw);
    f->tiles = NULL;
    f->raw = NULL;
}
/* Apply a frame onto fb (w*h*4, stride w*4). */
static inline void rs_apply(const rs_corpus *c, const rs_frame *f, uint8_t *fb) {
    const uint8_t *s = f->raw;
    for (uint32_t i = 0; i < f->ntiles; i++) {
        int x, y, w, h;
        rs_tile_rect(c, f->tiles[i], &x, &y, &w, &h);
        for (int r = 0; r < h; r++, s += w * 4)
            memcpy(fb + ((size_t)(y + r) * c->w + x) * 4, s, (size_t)w * 4);
    }
}

typedef struct {
    int x, y, w, h;
} rs_rect;
/* Group a frame's tiles into rectangles: horizontal runs, then equal runs
 * stacked vertically. out must hold ntiles entries. Tiles are in raster order. */
static inline int rs_rects(const rs_corpus *c, const rs_frame *f, rs_rect *out) {
    int n = 0;
    for (uint32_t i = 0; i < f->ntiles;) {
        uint32_t j = i + 1;
        while (j < f->ntiles && f->tiles[j].ty == f->tiles[i].ty && f->tiles[j].tx == f->tiles[j - 1].tx + 1)
            j++;
        int x, y, w, h, x2, y2, w2, h2;
        rs_tile_rect(c, f->tiles[i], &x, &y, &w, &h);
        rs_tile_rect(c, f->tiles[j - 1], &x2, &y2, &w2, &h2);
        rs_rect r = {x, y, x2 + w2 - x, h};
        int k;
        for (k = 0; k < n; k++)
            if (out[k].x == r.x && out[k].w == r.w && out[k].y + out[k].h == r.y) {
                out[k].h += r.h;
                break;
            }
        if (k == n)
            out[n++] = r;
        i = j;
    }
    return n;
}
#endif
