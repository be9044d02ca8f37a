/* xprobe: watch a viewer that paints on an X display, whatever its protocol.
 * usage: xprobe out.csv W H [--poll-us 1000] [--snap-prefix P]   (display: $DISPLAY)
 * The viewer must show the remote screen 1:1 with its origin at the root origin (full screen).
 * Reads only the two stamps each poll. Same stdout/CSV contract as vncprobe; bytes_rx is 0
 * (count bytes with netshim, which sits between viewer and agent). */
#include "corpus.h"
#include "stamp.h"
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <poll.h>
#include <unistd.h>
static int rd(Display *d, int x, int y) {
    XImage *i = XGetImage(d, DefaultRootWindow(d), x, y, STAMP_W, STAMP_H, AllPlanes, ZPixmap);
    int r = stamp_read((uint8_t *)i->data, i->bytes_per_line, 0, 0);
    XDestroyImage(i);
    return r;
}
int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: xprobe out.csv W H\n");
        return 2;
    }
    int W = atoi(argv[2]), H = atoi(argv[3]), us = 1000, last = -1, ready = 0;
    const char *pfx = NULL;
    for (int i = 4; i < argc; i++) {
        if (!strcmp(argv[i], "--poll-us"))
            us = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--snap-prefix"))
            pfx = argv[++i];
    }
    Display *d = XOpenDisplay(NULL);
    if (!d)
        rs_die("cannot open display");
    FILE *o = fopen(argv[1], "w");
    if (!o) {
        perror(argv[1]);
        return 1;
    }
    fprintf(o, "id,t_seen_ns,bytes_rx\n");
    for (;;) {
        struct pollfd p = {0, POLLIN, 0};
        if (poll(&p, 1, 0) > 0)
            break;
        int a = rd(d, 0, 0), b = rd(d, W - STAMP_W, H - STAMP_H), id = a < b ? a : b;
        if (id >= 0 && !ready) {
            ready = 1;
            printf("READY 0\n");
            fflush(stdout);
        }
        if (id > last) {
            fprintf(o, "%d,%llu,0\n", id, (unsigned long long)rs_now_ns());
            last = id;
        }
        usleep((useconds_t)us);
    }
    fclose(o);
    if (pfx) {
        XImage *i = XGetImage(d, DefaultRootWindow(d), 0, 0, (unsigned)W, (unsigned)H, AllPlanes, ZPixmap);
        char fn[512];
        snprintf(fn, sizeof fn, "%sfinal.bgrx", pfx);
        FILE *f = fopen(fn, "wb");
        fwrite(i->data, 4, (size_t)W * H, f);
        fclose(f);
    }
    printf("{\"bytes_rx\": 0, \"last_id\": %d}\n", last);
    return 0;
}
