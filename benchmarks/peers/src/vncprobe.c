/* vncprobe: headless VNC viewer for measurements (libvncclient).
 * usage: vncprobe host port out.csv [--encodings "tight copyrect"] [--quality Q] [--compress L]
 *                 [--no-jpeg] [--snap-every N] [--snap-prefix P]
 * Prints "READY <bytes>" when the first full framebuffer arrived. Runs until a line or EOF
 * on stdin, then writes out.csv and prints one JSON line with totals.
 * out.csv: id,t_seen_ns,bytes_rx      one row per new visible frame id (both stamps >= id)
 * bytes_rx is TCP payload received so far, from TCP_INFO.
 * Snapshots: when both stamps show exactly k*N the framebuffer is kept and written as
 * <prefix><id>.bgrx after the run; the last framebuffer is written as <prefix>final.bgrx. */
#define _GNU_SOURCE
#include <rfb/rfbclient.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>
#include <fcntl.h>
#include "stamp.h"
#include <time.h>

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
typedef struct {
    uint32_t id;
    uint64_t t, b;
} row;
static row *rows;
static size_t nrows, cap;
static int last = -1, updates, ready, snap_every, nsnap;
static long rects, badstamps;
static int area_seen;
static struct {
    int id;
    uint8_t *px;
} snaps[64];

static uint64_t rx_bytes(rfbClient *c) {
    struct tcp_info ti;
    socklen_t l = sizeof ti;
    memset(&ti, 0, sizeof ti);
    if (getsockopt(c->sock, IPPROTO_TCP, TCP_INFO, &ti, &l))
        return 0;
    return ti.tcpi_bytes_received;
}
static rfbBool alloc_fb(rfbClient *c) {
    free(c->frameBuffer);
    c->frameBuffer = calloc((size_t)c->width * c->height, 4);
    return c->frameBuffer != NULL;
}
static void got(rfbClient *c, int x, int y, int w, int h) {
    (void)c;
    (void)x;
    (void)y;
    rects++;
    if (!ready)
        area_seen += w * h;
}
static void finished(rfbClient *c) {
    updates++;
    if (!ready && area_seen >= c->width * c->height) {
        ready = 1;
        printf("READY %llu\n", (unsigned long long)rx_bytes(c));
        fflush(stdout);
    }
    int a = stamp_read(c->frameBuffer, c->width * 4, 0, 0);
    int b = stamp_read(c->frameBuffer, c->width * 4, c->width - STAMP_W, c->height - STAMP_H);
    if (a < 0 || b < 0) {
        badstamps++;
        return;
    }
    int id = a < b ? a : b;
    if (id > last) {
        if (nrows == cap) {
            cap = cap ? cap * 2 : 1024;
            rows = realloc(rows, cap * sizeof *rows);
        }
        rows[nrows++] = (row){(uint32_t)id, now_ns(), rx_bytes(c)};
        last = id;
        if (snap_every && id && id % snap_every == 0 && a == b && nsnap < 64) {
            snaps[nsnap].id = id;
            snaps[nsnap].px = malloc((size_t)c->width * c->height * 4);
            memcpy(snaps[nsnap++].px, c->frameBuffer, (size_t)c->width * c->height * 4);
        }
    }
}
static void quiet(const char *f, ...) { (void)f; }
static void dump(const char *pfx, const char *nm, const void *p, size_t n) {
    char fn[512];
    snprintf(fn, sizeof fn, "%s%s.bgrx", pfx, nm);
    FILE *f = fopen(fn, "wb");
    if (f) {
        fwrite(p, 1, n, f);
        fclose(f);
    }
}
int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: vncprobe host port out.csv [options]\n");
        return 2;
    }
    rfbClientLog = quiet;
    rfbClientErr = rfbClientLog;
    rfbClient *c = rfbGetClient(8, 3, 4);
    const char *pfx = NULL;
    c->appData.encodingsString = "tight copyrect zrle hextile raw";
    c->appData.qualityLevel = 8;
    c->appData.compressLevel = 2;
    c->appData.enableJPEG = TRUE;
    c->appData.useRemoteCursor = FALSE;
    c->appData.shareDesktop = TRUE;
    for (int i = 4; i < argc; i++) {
        if (!strcmp(argv[i], "--encodings"))
            c->appData.encodingsString = argv[++i];
        else if (!strcmp(argv[i], "--quality"))
            c->appData.qualityLevel = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--compress"))
            c->appData.compressLevel = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--no-jpeg"))
            c->appData.enableJPEG = FALSE;
        else if (!strcmp(argv[i], "--snap-every"))
            snap_every = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--snap-prefix"))
            pfx = argv[++i];
        else {
            fprintf(stderr, "unknown option %s\n", argv[i]);
            return 2;
        }
    }
    /* B,G,R,X in memory */
    c->format.bitsPerPixel = 32;
    c->format.depth = 24;
    c->format.bigEndian = 0;
    c->format.trueColour = 1;
    c->format.redMax = c->format.greenMax = c->format.blueMax = 255;
    c->format.redShift = 16;
    c->format.greenShift = 8;
    c->format.blueShift = 0;
    c->canHandleNewFBSize = FALSE;
    c->MallocFrameBuffer = alloc_fb;
    c->GotFrameBufferUpdate = got;
    c->FinishedFrameBufferUpdate = finished;
    c->serverHost = strdup(argv[1]);
    c->serverPort = atoi(argv[2]);
    if (!rfbInitClient(c, NULL, NULL)) {
        fprintf(stderr, "connect failed\n");
        return 1;
    }
    int dead = 0;
    for (;;) {
        struct pollfd p[2] = {{c->sock, POLLIN, 0}, {0, POLLIN, 0}};
        int buffered = c->buffered > 0;
        poll(p, 2, buffered ? 0 : 200);
        if (p[1].revents)
            break;
        if (buffered || (p[0].revents & (POLLIN | POLLHUP)))
            if (!HandleRFBServerMessage(c)) {
                dead = 1;
                fprintf(stderr, "server closed\n");
                break;
            }
    }
    FILE *o = fopen(argv[3], "w");
    if (!o) {
        perror(argv[3]);
        return 1;
    }
    fprintf(o, "id,t_seen_ns,bytes_rx\n");
    for (size_t i = 0; i < nrows; i++)
        fprintf(o, "%u,%llu,%llu\n", rows[i].id, (unsigned long long)rows[i].t, (unsigned long long)rows[i].b);
    fclose(o);
    size_t n = (size_t)c->width * c->height * 4;
    if (pfx) {
        for (int i = 0; i < nsnap; i++) {
            char nm[32];
            sprintf(nm, "%d", snaps[i].id);
            dump(pfx, nm, snaps[i].px, n);
        }
        dump(pfx, "final", c->frameBuffer, n);
    }
    printf("{\"bytes_rx\": %llu, \"updates\": %d, \"rects\": %ld, \"last_id\": %d, \"bad_stamps\": %ld, \"dead\": %d}\n",
        (unsigned long long)rx_bytes(c), updates, rects, last, badstamps, dead);
    return 0;
}
