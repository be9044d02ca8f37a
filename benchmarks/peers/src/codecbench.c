/* codecbench: general codecs on the changed 64x64 tiles of a recording; sizes, CPU time, error.
 *  codecbench SEQUENCE F.rsc    prints the columns of README.md, "Frames through a pipe", without a heading
 *  zstd1, lz4     each frame by itself, the tiles one after the other
 *  zstd1-stream   one stream over all frames, flushed after each, 8 MB window
 *  zlib1-stream   the same with zlib, as RFB's encodings do
 *  jpegQ-SUB      one JPEG of quality Q for each rectangle of adjacent tiles
 * Which tiles changed is given; finding them is not in the figures. */
#include "corpus.h"
#include <lz4.h>
#include <math.h>
#include <turbojpeg.h>
#include <zlib.h>

enum kind { ZSTD, ZSTD_STREAM, LZ4, ZLIB_STREAM, JPEG };
typedef struct {
    const char *name;
    enum kind kind;
    int quality, subsampling;
} method;
static const method methods[] = {{"zstd1", ZSTD, 0, 0}, {"zstd1-stream", ZSTD_STREAM, 0, 0}, {"lz4", LZ4, 0, 0},
    {"zlib1-stream", ZLIB_STREAM, 0, 0}, {"jpeg80-420", JPEG, 80, TJSAMP_420}, {"jpeg80-444", JPEG, 80, TJSAMP_444},
    {"jpeg92-420", JPEG, 92, TJSAMP_420}};

typedef struct {
    ZSTD_CCtx *zstd;
    ZSTD_DCtx *unzstd;
    z_stream zlib, unzlib;
    tjhandle jpeg, unjpeg;
    uint8_t *packed, *back;
    size_t room;
    rs_rect *rects;
    uint64_t encode_ns, decode_ns;
} bench;

/* In place: zlib's streams point back at themselves. */
static void start(bench *b, const rs_corpus *c) {
    b->room = (size_t)c->w * c->h * 8;
    b->packed = malloc(b->room);
    b->back = malloc(b->room);
    b->rects = malloc(sizeof(rs_rect) * (c->w / c->tile + 1) * (c->h / c->tile + 1));
    b->zstd = ZSTD_createCCtx();
    b->unzstd = ZSTD_createDCtx();
    ZSTD_CCtx_setParameter(b->zstd, ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(b->zstd, ZSTD_c_windowLog, 23);
    deflateInit(&b->zlib, 1);
    inflateInit(&b->unzlib);
    b->jpeg = tjInitCompress();
    b->unjpeg = tjInitDecompress();
}

static void finish(bench *b) {
    free(b->packed);
    free(b->back);
    free(b->rects);
    ZSTD_freeCCtx(b->zstd);
    ZSTD_freeDCtx(b->unzstd);
    deflateEnd(&b->zlib);
    inflateEnd(&b->unzlib);
    tjDestroy(b->jpeg);
    tjDestroy(b->unjpeg);
}

static size_t encode_tiles(bench *b, enum kind kind, const rs_frame *f) {
    switch (kind) {
    case ZSTD:
        return ZSTD_compressCCtx(b->zstd, b->packed, b->room, f->raw, f->raw_len, 1);
    case LZ4:
        return (size_t)LZ4_compress_default((const char *)f->raw, (char *)b->packed, (int)f->raw_len, (int)b->room);
    case ZSTD_STREAM: {
        ZSTD_inBuffer in = {f->raw, f->raw_len, 0};
        ZSTD_outBuffer out = {b->packed, b->room, 0};
        while (ZSTD_compressStream2(b->zstd, &out, &in, ZSTD_e_flush) != 0) {
        }
        return out.pos;
    }
    case ZLIB_STREAM:
        b->zlib.next_in = f->raw;
        b->zlib.avail_in = (uInt)f->raw_len;
        b->zlib.next_out = b->packed;
        b->zlib.avail_out = (uInt)b->room;
        deflate(&b->zlib, Z_SYNC_FLUSH);
        return b->room - b->zlib.avail_out;
    default:
        rs_die("not a codec of tiles");
        return 0;
    }
}

static size_t decode_tiles(bench *b, enum kind kind, size_t size) {
    switch (kind) {
    case ZSTD:
        return ZSTD_decompressDCtx(b->unzstd, b->back, b->room, b->packed, size);
    case LZ4:
        return (size_t)LZ4_decompress_safe((const char *)b->packed, (char *)b->back, (int)size, (int)b->room);
    case ZSTD_STREAM: {
        ZSTD_inBuffer in = {b->packed, size, 0};
        ZSTD_outBuffer out = {b->back, b->room, 0};
        while (in.pos < in.size)
            if (ZSTD_isError(ZSTD_decompressStream(b->unzstd, &out, &in)))
                rs_die("zstd stream");
        return out.pos;
    }
    case ZLIB_STREAM:
        b->unzlib.next_in = b->packed;
        b->unzlib.avail_in = (uInt)size;
        b->unzlib.next_out = b->back;
        b->unzlib.avail_out = (uInt)b->room;
        inflate(&b->unzlib, Z_SYNC_FLUSH);
        return b->room - b->unzlib.avail_out;
    default:
        rs_die("not a codec of tiles");
        return 0;
    }
}

static size_t tiles(bench *b, enum kind kind, const rs_frame *f) {
    uint64_t t = rs_cpu_ns();
    size_t size = encode_tiles(b, kind, f);
    uint64_t u = rs_cpu_ns();
    size_t back = decode_tiles(b, kind, size);
    b->encode_ns += u - t;
    b->decode_ns += rs_cpu_ns() - u;
    if (back != f->raw_len || memcmp(b->back, f->raw, back))
        rs_die("what came back differs");
    return size;
}

static size_t jpegs(bench *b, const method *m, const rs_corpus *c, const rs_frame *f, const uint8_t *fb, uint8_t *shown) {
    size_t total = 0;
    int count = rs_rects(c, f, b->rects);
    for (int i = 0; i < count; i++) {
        rs_rect r = b->rects[i];
        size_t at = ((size_t)r.y * c->w + (size_t)r.x) * 4;
        unsigned char *out = b->packed;
        unsigned long size = b->room;
        uint64_t t = rs_cpu_ns();
        if (tjCompress2(b->jpeg, fb + at, r.w, (int)c->w * 4, r.h, TJPF_BGRX, &out, &size, m->subsampling, m->quality,
                TJFLAG_NOREALLOC | TJFLAG_FASTDCT))
            rs_die("jpeg");
        uint64_t u = rs_cpu_ns();
        tjDecompress2(b->unjpeg, out, size, shown + at, r.w, (int)c->w * 4, r.h, TJPF_BGRX, TJFLAG_FASTDCT);
        b->encode_ns += u - t;
        b->decode_ns += rs_cpu_ns() - u;
        total += size;
    }
    return total;
}

static double squares(const uint8_t *a, const uint8_t *b, size_t bytes) {
    double sum = 0;
    for (size_t i = 0; i < bytes; i += 4)
        for (int k = 0; k < 3; k++)
            sum += (a[i + k] - b[i + k]) * (a[i + k] - b[i + k]);
    return sum;
}

static void run(const char *sequence, rs_corpus *c, const method *m) {
    size_t bytes = (size_t)c->w * c->h * 4;
    uint8_t *fb = calloc(1, bytes), *shown = calloc(1, bytes);
    bench b = {0};
    start(&b, c);
    double size = 0, error = 0;
    int frames = 0, compared = 0;
    for (uint32_t k = 0; k < c->nframes; k++) {
        rs_frame f = rs_read(c, k);
        if (f.ntiles) {
            rs_apply(c, &f, fb);
            if (k == 0)
                memcpy(shown, fb, bytes);
            else {
                size += (double)(m->kind == JPEG ? jpegs(&b, m, c, &f, fb, shown) : tiles(&b, m->kind, &f));
                if (frames++ % 10 == 0) {
                    error += m->kind == JPEG ? squares(fb, shown, bytes) : 0;
                    compared++;
                }
            }
        }
        rs_free(&f);
    }
    double mean = error / ((double)compared * (double)bytes / 4 * 3);
    printf("%s,%s,%d,%.3f,%.2f,%.2f,%.1f\n", sequence, m->name, frames, size / 1e6, (double)b.encode_ns / 1e6 / frames,
        (double)b.decode_ns / 1e6 / frames, mean > 0 ? 10 * log10(255.0 * 255.0 / mean) : 99.0);
    fflush(stdout);
    finish(&b);
    free(fb);
    free(shown);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: codecbench SEQUENCE F.rsc\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        run(argv[1], rs_open(argv[2]), &methods[i]);
    return 0;
}
