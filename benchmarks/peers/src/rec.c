/* rec: record the root window of $DISPLAY into an RSCORP1 file.
 * usage: rec out.rsc seconds fps
 * Changed tiles are kept in memory while recording, compressed at the end, so
 * that recording costs one XShmGetImage and one memcmp pass per frame. */
#include "corpus.h"
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#define TILE 64
typedef struct {
    uint64_t t_us;
    uint32_t nt, px;
    rs_tile *t;
    uint8_t *raw;
    size_t len;
} F;

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: rec out.rsc seconds fps\n");
        return 2;
    }
    double secs = atof(argv[2]), fps = atof(argv[3]);
    Display *d = XOpenDisplay(NULL);
    if (!d)
        rs_die("cannot open display");
    Window root = DefaultRootWindow(d);
    XWindowAttributes wa;
    XGetWindowAttributes(d, root, &wa);
    XShmSegmentInfo si;
    XImage *im = XShmCreateImage(d, wa.visual, (unsigned)wa.depth, ZPixmap, NULL, &si, (unsigned)wa.width, (unsigned)wa.height);
    if (im->bits_per_pixel != 32)
        rs_die("need 32 bpp");
    si.shmid = shmget(IPC_PRIVATE, (size_t)im->bytes_per_line * im->height, IPC_CREAT | 0600);
    si.shmaddr = im->data = shmat(si.shmid, NULL, 0);
    si.readOnly = False;
    XShmAttach(d, &si);
    XSync(d, False);
    shmctl(si.shmid, IPC_RMID, NULL);
    int W = wa.width, H = wa.height, tw = (W + TILE - 1) / TILE, th = (H + TILE - 1) / TILE;
    int n = (int)(secs * fps + 0.5);
    uint8_t *prev = calloc((size_t)W * H, 4);
    F *fr = calloc((size_t)n, sizeof *fr);
    uint64_t t0 = rs_now_ns();
    int late = 0;
    for (int i = 0; i < n; i++) {
        uint64_t due = t0 + (uint64_t)(i * 1e9 / fps), now = rs_now_ns();
        if (now > due + (uint64_t)(0.5e9 / fps))
            late++;
        struct timespec ts = {(time_t)(due / 1000000000ull), (long)(due % 1000000000ull)};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
        fr[i].t_us = (rs_now_ns() - t0) / 1000;
        XShmGetImage(d, root, im, 0, 0, AllPlanes);
        fr[i].t = malloc(sizeof(rs_tile) * (size_t)(tw * th));
        size_t cap = 0;
        for (int ty = 0; ty < th; ty++)
            for (int tx = 0; tx < tw; tx++) {
                int x = tx * TILE, y = ty * TILE, w = W - x < TILE ? W - x : TILE, h = H - y < TILE ? H - y : TILE, ch = (i == 0);
                for (int r = 0; r < h && !ch; r++)
                    ch = memcmp(im->data + (size_t)(y + r) * im->bytes_per_line + x * 4, prev + ((size_t)(y + r) * W + x) * 4,
                             (size_t)w * 4) != 0;
                if (!ch)
                    continue;
                if (fr[i].len + (size_t)(w * h * 4) > cap) {
                    cap = cap ? cap * 2 : 1 << 18;
                    fr[i].raw = realloc(fr[i].raw, cap);
                }
                for (int r = 0; r < h; r++) {
                    uint32_t *s = (uint32_t *)(im->data + (size_t)(y + r) * im->bytes_per_line) + x;
                    uint32_t *p = (uint32_t *)prev + (size_t)(y + r) * W + x;
                    uint32_t *o = (uint32_t *)(fr[i].raw + fr[i].len);
                    for (int k = 0; k < w; k++) {
                        if (i == 0 || s[k] != p[k])
                            fr[i].px++;
                        p[k] = s[k];
                        o[k] = s[k] & 0xFFFFFFu;
                    }
                    fr[i].len += (size_t)w * 4;
                }
                fr[i].t[fr[i].nt++] = (rs_tile){(uint16_t)tx, (uint16_t)ty};
            }
    }
    fprintf(stderr, "rec: %d frames captured, %d late by more than half a period\n", n, late);
    FILE *f = fopen(argv[1], "wb");
    uint8_t hd[64] = {0};
    memcpy(hd, "RSCORP1", 8);
    uint32_t v[6] = {(uint32_t)W, (uint32_t)H, TILE, (uint32_t)(fps * 1000), (uint32_t)n, 0};
    memcpy(hd + 8, v, 24);
    fwrite(hd, 1, 64, f);
    rs_index *ix = calloc((size_t)n, sizeof *ix);
    uint64_t off = 64;
    size_t tot = 0;
    ZSTD_CCtx *z = ZSTD_createCCtx();
    for (int i = 0; i < n; i++) {
        size_t b = ZSTD_compressBound(fr[i].len);
        void *o = malloc(b);
        size_t cl = 0;
        if (fr[i].nt) {
            cl = ZSTD_compressCCtx(z, o, b, fr[i].raw, fr[i].len, 5);
            if (ZSTD_isError(cl))
                rs_die("zstd");
        }
        uint32_t q[4] = {fr[i].nt, (uint32_t)fr[i].len, (uint32_t)cl, 0};
        ix[i] = (rs_index){off, fr[i].t_us, fr[i].nt, fr[i].px};
        fwrite(q, 4, 4, f);
        fwrite(fr[i].t, sizeof(rs_tile), fr[i].nt, f);
        fwrite(o, 1, cl, f);
        off += 16 + sizeof(rs_tile) * fr[i].nt + cl;
        tot += fr[i].len;
        free(o);
        free(fr[i].raw);
        free(fr[i].t);
    }
    fwrite(ix, sizeof *ix, (size_t)n, f);
    memcpy(hd + 32, &off, 8);
    fseeko(f, 0, SEEK_SET);
    fwrite(hd, 1, 64, f);
    fclose(f);
    fprintf(stderr, "rec: %s raw changed tiles %.1f MB, file %.1f MB\n", argv[1], tot / 1e6, off / 1e6);
    return 0;
}
