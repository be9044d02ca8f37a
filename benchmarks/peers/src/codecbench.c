/* codecbench: naive tile codecs over a corpus file; sizes and CPU time, encode and decode.
 * usage: codecbench f.rsc [method...]      output CSV: seq,method,frames,raw_mb,mb,enc_ms_per_frame,dec_ms_per_frame,mpix,enc_ns_per_px,dec_ns_per_px,psnr_db
 * Work unit: for every changed frame, the 64x64 tiles that changed (known from the corpus, so
 * change detection is NOT in these numbers except in the method 'diff').
 *   memcpy      copy tiles out of the framebuffer (floor)
 *   diff        memcmp whole frame against previous (cost of finding the tiles)
 *   zstd1/zstd3/zlib1/lz4   one independent block per frame, BGRX input
 *   zstd1s      one zstd stream across frames (flush per frame), 8 MB window
 *   zlib1s      one zlib stream across frames (sync flush), as RFB zlib does
 *   scroll1s    one vertical shift per frame is searched (row hashes per 64 px column), tiles that equal the
 *               shifted previous frame cost 8 bytes, the rest goes to zstd1s; an estimate of what scroll copies buy
 *   scrolljpg80 the same, the rest as jpeg80_420 per tile
 *   zstd1rgb    zstd1 on packed 24-bit
 *   jpeg80_420 / jpeg80_444 / jpeg92_420   one JPEG per run of adjacent changed tiles (rs_rects)
 *   jpeg80full  whole frame as one JPEG for every changed frame */
#include "corpus.h"
#include <lz4.h>
#include <turbojpeg.h>
#include <zlib.h>
#include <math.h>
static double psnr(double se, double n) { return se > 0 ? 10 * log10(255.0 * 255.0 * n / se) : 99.0; }
typedef struct {
    uint64_t h;
    int row;
} slot_t;
/* Finds the most voted dy (current row y equals previous row y-dy); 0 when there is no clear winner. */
static int find_scroll(const rs_corpus *c, const rs_frame *f, const uint8_t *cur, const uint8_t *prev) {
    enum { N = 4096 };
    static slot_t tab[N];
    int H = (int)c->h, votes[2 * 8192];
    memset(votes, 0, sizeof votes);
    for (unsigned tx = 0; tx < (c->w + 63) / 64; tx++) {
        uint8_t need[256] = {0};
        int any = 0, w = (int)c->w - (int)tx * 64 < 64 ? (int)c->w - (int)tx * 64 : 64;
        for (uint32_t i = 0; i < f->ntiles; i++)
            if (f->tiles[i].tx == tx) {
                need[f->tiles[i].ty] = 1;
                any = 1;
            }
        if (!any)
            continue;
        memset(tab, 0, sizeof tab);
        static uint64_t ph[8192];
        for (int y = 0; y < H; y++) {
            const uint64_t *p = (const uint64_t *)(prev + ((size_t)y * c->w + tx * 64) * 4);
            uint64_t h = 0x9E3779B97F4A7C15ull, same = 1;
            for (int k = 0; k < w / 2; k++) {
                h = (h ^ p[k]) * 0xff51afd7ed558ccdull;
                h ^= h >> 29;
                same &= p[k] == p[0];
            }
            ph[y] = same ? 0 : h;
            if (same)
                continue;
            uint32_t b = (uint32_t)(h >> 52) & (N - 1);
            while (tab[b].h && tab[b].h != h)
                b = (b + 1) & (N - 1);
            tab[b].row = tab[b].h ? -1 : y;
            tab[b].h = h;
        }
        for (int y = 0; y < H; y++) {
            if (!need[y / 64]) {
                y |= 63;
                continue;
            }
            const uint64_t *p = (const uint64_t *)(cur + ((size_t)y * c->w + tx * 64) * 4);
            uint64_t h = 0x9E3779B97F4A7C15ull, same = 1;
            for (int k = 0; k < w / 2; k++) {
                h = (h ^ p[k]) * 0xff51afd7ed558ccdull;
                h ^= h >> 29;
                same &= p[k] == p[0];
            }
            if (same || h == ph[y])
                continue;
            uint32_t b = (uint32_t)(h >> 52) & (N - 1);
            while (tab[b].h && tab[b].h != h)
                b = (b + 1) & (N - 1);
            if (tab[b].h && tab[b].row >= 0)
                votes[y - tab[b].row + 8192]++;
        }
    }
    int best = 8192;
    for (int i = 0; i < 2 * 8192; i++)
        if (i != 8192 && votes[i] > votes[best])
            best = i;
    return votes[best] >= 32 ? best - 8192 : 0;
}
int main(int argc, char **argv) {
    static char *def[] = {"memcpy", "diff", "lz4", "zstd1", "zstd1s", "scroll1s", "scrolljpg80", "zstd1rgb", "zstd3", "zlib1", "zlib1s",
        "jpeg80_420", "jpeg80_444", "jpeg92_420", "jpeg80full"};
    int nm = argc > 2 ? argc - 2 : (int)(sizeof def / sizeof *def);
    char **ms = argc > 2 ? argv + 2 : def;
    rs_corpus *c = rs_open(argv[1]);
    size_t n4 = (size_t)c->w * c->h * 4;
    uint8_t *fb = calloc(1, n4), *prev = calloc(1, n4), *out = malloc(2 * n4), *back = malloc(n4 + 64), *rgb = malloc(n4);
    rs_rect *rc = malloc(sizeof *rc * 4096);
    const char *nmn = strrchr(argv[1], '/');
    nmn = nmn ? nmn + 1 : argv[1];
    for (int mi = 0; mi < nm; mi++) {
        const char *m = ms[mi];
        uint64_t te = 0, td = 0, t;
        double raw = 0, sz = 0, px = 0, se = 0, spx = 0;
        int frames = 0;
        ZSTD_CCtx *zc = ZSTD_createCCtx();
        ZSTD_DCtx *zd = ZSTD_createDCtx();
        ZSTD_CStream *zs = ZSTD_createCStream();
        ZSTD_DStream *zds = ZSTD_createDStream();
        ZSTD_CCtx_setParameter(zs, ZSTD_c_compressionLevel, 1);
        ZSTD_CCtx_setParameter(zs, ZSTD_c_windowLog, 23);
        z_stream d = {0}, f = {0};
        deflateInit(&d, 1);
        inflateInit(&f);
        tjhandle jc = tjInitCompress(), jd = tjInitDecompress();
        memset(fb, 0, n4);
        memset(prev, 0, n4);
        for (uint32_t k = 0; k < c->nframes; k++) {
            rs_frame fr = rs_read(c, k);
            if (!fr.ntiles) {
                rs_free(&fr);
                continue;
            }
            rs_apply(c, &fr, fb);
            if (k == 0) {
                memcpy(prev, fb, n4);
                rs_free(&fr);
                continue;
            } /* initial screen not counted */
            frames++;
            raw += fr.raw_len;
            px += fr.raw_len / 4.0;
            size_t o = 0;
            if (!strcmp(m, "memcpy")) {
                t = rs_cpu_ns();
                uint8_t *q = back;
                for (uint32_t i = 0; i < fr.ntiles; i++) {
                    int x, y, w, h;
                    rs_tile_rect(c, fr.tiles[i], &x, &y, &w, &h);
                    for (int r = 0; r < h; r++, q += w * 4)
                        memcpy(q, fb + ((size_t)(y + r) * c->w + x) * 4, (size_t)w * 4);
                }
                te += rs_cpu_ns() - t;
                o = fr.raw_len;
            } else if (!strcmp(m, "diff")) {
                t = rs_cpu_ns();
                volatile unsigned nch = 0;
                for (uint32_t y = 0; y < c->h; y++)
                    for (uint32_t x = 0; x < c->w; x += 64) {
                        uint32_t w = c->w - x < 64 ? c->w - x : 64;
                        size_t p = ((size_t)y * c->w + x) * 4;
                        if (memcmp(fb + p, prev + p, w * 4))
                            nch++;
                    }
                te += rs_cpu_ns() - t;
            } else if (!strcmp(m, "lz4")) {
                t = rs_cpu_ns();
                o = (size_t)LZ4_compress_default((char *)fr.raw, (char *)out, (int)fr.raw_len, (int)(2 * n4));
                te += rs_cpu_ns() - t;
                t = rs_cpu_ns();
                LZ4_decompress_safe((char *)out, (char *)back, (int)o, (int)n4);
                td += rs_cpu_ns() - t;
            } else if (!strcmp(m, "zstd1") || !strcmp(m, "zstd3") || !strcmp(m, "zstd1rgb")) {
                const uint8_t *src = fr.raw;
                size_t sl = fr.raw_len;
                t = rs_cpu_ns();
                if (m[5] == 'r') {
                    sl = fr.raw_len / 4 * 3;
                    for (size_t i = 0, j = 0; i < fr.raw_len; i += 4, j += 3) {
                        rgb[j] = fr.raw[i];
                        rgb[j + 1] = fr.raw[i + 1];
                        rgb[j + 2] = fr.raw[i + 2];
                    }
                    src = rgb;
                }
                o = ZSTD_compressCCtx(zc, out, 2 * n4, src, sl, m[4] - '0');
                te += rs_cpu_ns() - t;
                t = rs_cpu_ns();
                ZSTD_decompressDCtx(zd, back, n4, out, o);
                td += rs_cpu_ns() - t;
            } else if (!strcmp(m, "zstd1s")) {
                ZSTD_inBuffer in = {fr.raw, fr.raw_len, 0};
                ZSTD_outBuffer ob = {out, 2 * n4, 0};
                t = rs_cpu_ns();
                while (ZSTD_compressStream2(zs, &ob, &in, ZSTD_e_flush) != 0)
                    ;
                te += rs_cpu_ns() - t;
                o = ob.pos;
                ZSTD_inBuffer di = {out, o, 0};
                ZSTD_outBuffer dob = {back, n4, 0};
                t = rs_cpu_ns();
                while (di.pos < di.size) {
                    size_t r = ZSTD_decompressStream(zds, &dob, &di);
                    if (ZSTD_isError(r))
                        rs_die("zstd stream");
                }
                td += rs_cpu_ns() - t;
                if (dob.pos != fr.raw_len || memcmp(back, fr.raw, fr.raw_len))
                    rs_die("zstd1s mismatch");
            } else if (!strncmp(m, "scroll", 6)) {
                t = rs_cpu_ns();
                int dy = find_scroll(c, &fr, fb, prev);
                uint8_t *q = rgb;
                int jpg = m[6] == 'j', nrest = 0;
                static rs_tile rest[4096];
                for (uint32_t i = 0; i < fr.ntiles; i++) {
                    int x, y, w, h, eq = 0;
                    rs_tile_rect(c, fr.tiles[i], &x, &y, &w, &h);
                    if (dy && y - dy >= 0 && y - dy + h <= (int)c->h) {
                        eq = 1;
                        for (int r = 0; r < h && eq; r++)
                            eq =
                                !memcmp(fb + ((size_t)(y + r) * c->w + x) * 4, prev + ((size_t)(y + r - dy) * c->w + x) * 4, (size_t)w * 4);
                    }
                    if (eq) {
                        o += 8;
                        continue;
                    }
                    rest[nrest++] = fr.tiles[i];
                    if (!jpg)
                        for (int r = 0; r < h; r++, q += w * 4)
                            memcpy(q, fb + ((size_t)(y + r) * c->w + x) * 4, (size_t)w * 4);
                }
                if (!jpg && q > rgb) {
                    ZSTD_inBuffer in = {rgb, (size_t)(q - rgb), 0};
                    ZSTD_outBuffer ob = {out, 2 * n4, 0};
                    while (ZSTD_compressStream2(zs, &ob, &in, ZSTD_e_flush) != 0)
                        ;
                    o += ob.pos;
                }
                if (jpg) {
                    rs_frame fx = {(uint32_t)nrest, rest, NULL, 0};
                    int nr = rs_rects(c, &fx, rc);
                    for (int i = 0; i < nr; i++) {
                        unsigned char *jb = out;
                        unsigned long jl = 2 * n4;
                        if (tjCompress2(jc, fb + ((size_t)rc[i].y * c->w + rc[i].x) * 4, rc[i].w, (int)c->w * 4, rc[i].h, TJPF_BGRX, &jb,
                                &jl, TJSAMP_420, 80, TJFLAG_NOREALLOC | TJFLAG_FASTDCT))
                            rs_die("jpeg");
                        o += jl;
                    }
                }
                te += rs_cpu_ns() - t;
            } else if (!strcmp(m, "zlib1")) {
                uLongf l = 2 * n4;
                t = rs_cpu_ns();
                compress2(out, &l, fr.raw, fr.raw_len, 1);
                te += rs_cpu_ns() - t;
                o = l;
                uLongf bl = n4;
                t = rs_cpu_ns();
                uncompress(back, &bl, out, l);
                td += rs_cpu_ns() - t;
            } else if (!strcmp(m, "zlib1s")) {
                t = rs_cpu_ns();
                d.next_in = fr.raw;
                d.avail_in = (uInt)fr.raw_len;
                d.next_out = out;
                d.avail_out = (uInt)(2 * n4);
                deflate(&d, Z_SYNC_FLUSH);
                o = 2 * n4 - d.avail_out;
                te += rs_cpu_ns() - t;
                t = rs_cpu_ns();
                f.next_in = out;
                f.avail_in = (uInt)o;
                f.next_out = back;
                f.avail_out = (uInt)n4;
                inflate(&f, Z_SYNC_FLUSH);
                td += rs_cpu_ns() - t;
            } else if (!strncmp(m, "jpeg", 4)) {
                int q = atoi(m + 4), ss = strstr(m, "444") ? TJSAMP_444 : TJSAMP_420, nr;
                if (strstr(m, "full")) {
                    nr = 1;
                    rc[0] = (rs_rect){0, 0, (int)c->w, (int)c->h};
                } else
                    nr = rs_rects(c, &fr, rc);
                for (int i = 0; i < nr; i++) {
                    unsigned char *jb = out;
                    unsigned long jl = 2 * n4;
                    const uint8_t *sp = fb + ((size_t)rc[i].y * c->w + rc[i].x) * 4;
                    t = rs_cpu_ns();
                    if (tjCompress2(jc, sp, rc[i].w, (int)c->w * 4, rc[i].h, TJPF_BGRX, &jb, &jl, ss, q, TJFLAG_NOREALLOC | TJFLAG_FASTDCT))
                        rs_die("jpeg");
                    te += rs_cpu_ns() - t;
                    t = rs_cpu_ns();
                    tjDecompress2(jd, out, jl, back, rc[i].w, rc[i].w * 4, rc[i].h, TJPF_BGRX, TJFLAG_FASTDCT);
                    td += rs_cpu_ns() - t;
                    o += jl;
                    if (frames % 10 == 1)
                        spx += (double)rc[i].w * rc[i].h;
                    if (frames % 10 == 1)
                        for (int y = 0; y < rc[i].h; y++)
                            for (int x = 0; x < rc[i].w; x++) {
                                const uint8_t *a = sp + ((size_t)y * c->w + x) * 4, *b = back + ((size_t)y * rc[i].w + x) * 4;
                                for (int e = 0; e < 3; e++) {
                                    int v = a[e] - b[e];
                                    se += v * v;
                                }
                            }
                }
            } else
                rs_die("unknown method");
            sz += o;
            memcpy(prev, fb, n4);
            rs_free(&fr);
        }
        /* psnr is over the coded area of every 10th frame */
        printf("%s,%s,%d,%.1f,%.3f,%.3f,%.3f,%.1f,%.2f,%.2f,%.1f\n", nmn, m, frames, raw / 1e6, sz / 1e6, te / 1e6 / frames,
            td / 1e6 / frames, px / 1e6, te / px, td / px, strncmp(m, "jpeg", 4) ? 99.0 : psnr(se, spx * 3));
        fflush(stdout);
        ZSTD_freeCCtx(zc);
        ZSTD_freeDCtx(zd);
        ZSTD_freeCStream(zs);
        ZSTD_freeDStream(zds);
        deflateEnd(&d);
        inflateEnd(&f);
        tjDestroy(jc);
        tjDestroy(jd);
    }
    return 0;
}
