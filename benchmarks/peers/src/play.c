/* play: show an RSCORP1 sequence on $DISPLAY at a fixed rate with frame stamps.
 * usage: play seq.rsc times.csv [--fps F] [--loops N] [--full] [--wait-stdin] [--max-frames N]
 *   --full        put the whole screen for every changed frame (worst case damage);
 *                 default is tight rectangles around the changed pixels
 *   --wait-stdin  show frame 0, print READY, start after a line arrives on stdin;
 *                 after the last frame keep it on screen until stdin closes
 * Only frames that change something are shown and stamped; ids count up from 1.
 * times.csv: id,corpus_frame,t_start_ns,t_done_ns,rects,pixels   (CLOCK_MONOTONIC) */
#include "corpus.h"
#include "stamp.h"
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: play seq.rsc times.csv [options]\n");
        return 2;
    }
    double fps = 0;
    int loops = 1, full = 0, waitin = 0;
    uint32_t maxf = 0;
    for (int i = 3; i < argc; i++) {
        if (!strcmp(argv[i], "--fps"))
            fps = atof(argv[++i]);
        else if (!strcmp(argv[i], "--loops"))
            loops = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--max-frames"))
            maxf = (uint32_t)atoi(argv[++i]);
        else if (!strcmp(argv[i], "--full"))
            full = 1;
        else if (!strcmp(argv[i], "--wait-stdin"))
            waitin = 1;
        else
            rs_die("unknown option");
    }
    rs_corpus *c = rs_open(argv[1]);
    if (fps <= 0)
        fps = c->fps_milli / 1000.0;
    uint32_t n = maxf && maxf < c->nframes ? maxf : c->nframes;
    rs_frame *fr = calloc(n, sizeof *fr);
    for (uint32_t i = 0; i < n; i++)
        fr[i] = rs_read(c, i);
    Display *d = NULL;
    for (int k = 0; k < 50 && !(d = XOpenDisplay(NULL)); k++) {
        struct timespec t = {0, 100000000};
        nanosleep(&t, NULL);
    }
    if (!d)
        rs_die("cannot open display");
    int sc = DefaultScreen(d), W = (int)c->w, H = (int)c->h;
    if (DisplayWidth(d, sc) != W || DisplayHeight(d, sc) != H)
        rs_die("display size differs from corpus");
    XSetWindowAttributes a;
    a.override_redirect = True;
    a.background_pixmap = None;
    Window win = XCreateWindow(
        d, RootWindow(d, sc), 0, 0, c->w, c->h, 0, CopyFromParent, InputOutput, CopyFromParent, CWOverrideRedirect | CWBackPixmap, &a);
    GC gc = XCreateGC(d, win, 0, NULL);
    XSetGraphicsExposures(d, gc, False);
    /* no visible pointer: some servers draw it into the picture, which would spoil the PSNR check */
    char zero[8] = {0};
    Pixmap cp = XCreateBitmapFromData(d, win, zero, 8, 8);
    XColor black = {0};
    XDefineCursor(d, win, XCreatePixmapCursor(d, cp, cp, &black, &black, 0, 0));
    XMapRaised(d, win);
    XSync(d, False);
    XShmSegmentInfo si;
    XImage *im = XShmCreateImage(d, DefaultVisual(d, sc), (unsigned)DefaultDepth(d, sc), ZPixmap, NULL, &si, c->w, c->h);
    if (im->bits_per_pixel != 32 || im->bytes_per_line != W * 4)
        rs_die("need packed 32 bpp");
    si.shmid = shmget(IPC_PRIVATE, (size_t)W * H * 4, IPC_CREAT | 0600);
    si.shmaddr = im->data = shmat(si.shmid, NULL, 0);
    si.readOnly = False;
    XShmAttach(d, &si);
    XSync(d, False);
    shmctl(si.shmid, IPC_RMID, NULL);
    uint8_t *fb = (uint8_t *)im->data, *old = malloc((size_t)W * H * 4);
    rs_apply(c, &fr[0], fb);
    uint16_t id = 0;
    stamp_draw(fb, W * 4, 0, 0, id);
    stamp_draw(fb, W * 4, W - STAMP_W, H - STAMP_H, id);
    XShmPutImage(d, win, gc, im, 0, 0, 0, 0, c->w, c->h, False);
    XSync(d, False);
    if (waitin) {
        printf("READY\n");
        fflush(stdout);
        char b[64];
        if (!fgets(b, sizeof b, stdin))
            return 1;
    }
    FILE *o = fopen(argv[2], "w");
    if (!o) {
        perror(argv[2]);
        return 1;
    }
    fprintf(o, "id,corpus_frame,t_start_ns,t_done_ns,rects,pixels\n");
    rs_rect *rc = malloc(sizeof(rs_rect) * ((size_t)(c->w / c->tile + 2) * (c->h / c->tile + 2)));
    uint64_t t0 = rs_now_ns() + 50000000ull;
    uint64_t slot = 0;
    int late = 0;
    for (int l = 0; l < loops; l++)
        for (uint32_t i = l ? 0 : 1; i < n; i++, slot++) {
            uint64_t due = t0 + (uint64_t)(slot * 1e9 / fps);
            if (!fr[i].ntiles)
                continue;
            if (rs_now_ns() > due + 5000000ull)
                late++;
            int nr = rs_rects(c, &fr[i], rc);
            if (!full) { /* remember old pixels, to shrink rectangles to what really changes */
                for (int k = 0; k < nr; k++)
                    for (int y = rc[k].y; y < rc[k].y + rc[k].h; y++)
                        memcpy(old + ((size_t)y * W + rc[k].x) * 4, fb + ((size_t)y * W + rc[k].x) * 4, (size_t)rc[k].w * 4);
            }
            rs_apply(c, &fr[i], fb);
            if (!full)
                for (int k = 0; k < nr; k++) {
                    int x1 = rc[k].x + rc[k].w, x2 = rc[k].x, y1 = rc[k].y + rc[k].h, y2 = rc[k].y;
                    for (int y = rc[k].y; y < rc[k].y + rc[k].h; y++) {
                        const uint32_t *p = (uint32_t *)old + (size_t)y * W, *q = (uint32_t *)fb + (size_t)y * W;
                        int L = rc[k].x, R = rc[k].x + rc[k].w;
                        while (L < R && p[L] == q[L])
                            L++;
                        if (L == R)
                            continue;
                        while (p[R - 1] == q[R - 1])
                            R--;
                        if (L < x1)
                            x1 = L;
                        if (R > x2)
                            x2 = R;
                        if (y < y1)
                            y1 = y;
                        y2 = y + 1;
                    }
                    if (x1 < x2)
                        rc[k] = (rs_rect){x1, y1, x2 - x1, y2 - y1};
                    else
                        rc[k].w = 0;
                }
            id++;
            stamp_draw(fb, W * 4, 0, 0, id);
            stamp_draw(fb, W * 4, W - STAMP_W, H - STAMP_H, id);
            struct timespec ts = {(time_t)(due / 1000000000ull), (long)(due % 1000000000ull)};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
            uint64_t ta = rs_now_ns();
            long px = 0;
            int cnt = 0;
            if (full) {
                XShmPutImage(d, win, gc, im, 0, 0, 0, 0, c->w, c->h, False);
                px = (long)W * H;
                cnt = 1;
            } else {
                for (int k = 0; k < nr; k++)
                    if (rc[k].w) {
                        XShmPutImage(d, win, gc, im, rc[k].x, rc[k].y, rc[k].x, rc[k].y, (unsigned)rc[k].w, (unsigned)rc[k].h, False);
                        px += (long)rc[k].w * rc[k].h;
                        cnt++;
                    }
                XShmPutImage(d, win, gc, im, 0, 0, 0, 0, STAMP_W, STAMP_H, False);
                XShmPutImage(d, win, gc, im, W - STAMP_W, H - STAMP_H, W - STAMP_W, H - STAMP_H, STAMP_W, STAMP_H, False);
            }
            XSync(d, False);
            fprintf(o, "%u,%u,%llu,%llu,%d,%ld\n", id, i, (unsigned long long)ta, (unsigned long long)rs_now_ns(), cnt, px);
        }
    fclose(o);
    printf("DONE %u frames, %d started late by >5 ms, duration %.3f s\n", id, late, (rs_now_ns() - t0) / 1e9);
    fflush(stdout);
    if (waitin) {
        char b[64];
        while (fgets(b, sizeof b, stdin))
            ;
    }
    return 0;
}
