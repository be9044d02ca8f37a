/* play: shows a recording on $DISPLAY at its own rate, with frame stamps (stamp.h).
 *  play F.rsc TIMES.csv
 * Shows the first frame, prints READY, and plays when a line arrives on standard input; then prints DONE and keeps the last frame until
 * standard input ends. Only frames that change something are shown and stamped; their numbers count from 1.
 * Puts tight rectangles around what changed, then the two stamps: whoever sees both has the frame.
 * TIMES.csv: id,corpus_frame,t_start_ns,t_done_ns,rects,pixels (CLOCK_MONOTONIC) */
#include "corpus.h"
#include "stamp.h"
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

static const uint64_t late_ns = 5000000, first_in_ns = 50000000;

typedef struct {
    Display *display;
    Window window;
    GC gc;
    XImage *image;
    int w, h;
    uint8_t *fb, *old;
} screen;

static screen open_screen(const rs_corpus *c) {
    screen s = {.w = (int)c->w, .h = (int)c->h};
    s.display = XOpenDisplay(NULL);
    if (!s.display)
        rs_die("cannot open the display");
    int number = DefaultScreen(s.display);
    if (DisplayWidth(s.display, number) != s.w || DisplayHeight(s.display, number) != s.h)
        rs_die("the display's size differs from the recording's");
    XSetWindowAttributes attributes = {.override_redirect = True, .background_pixmap = None};
    s.window = XCreateWindow(s.display, RootWindow(s.display, number), 0, 0, c->w, c->h, 0, CopyFromParent, InputOutput, CopyFromParent,
        CWOverrideRedirect | CWBackPixmap, &attributes);
    s.gc = XCreateGC(s.display, s.window, 0, NULL);
    XSetGraphicsExposures(s.display, s.gc, False);
    /* No visible pointer: some servers draw it into the picture, which would spoil the comparison of pixels. */
    char nothing[8] = {0};
    Pixmap none = XCreateBitmapFromData(s.display, s.window, nothing, 8, 8);
    XColor black = {0};
    XDefineCursor(s.display, s.window, XCreatePixmapCursor(s.display, none, none, &black, &black, 0, 0));
    XMapRaised(s.display, s.window);
    XSync(s.display, False);

    XShmSegmentInfo *memory = calloc(1, sizeof *memory); /* lives as long as the image */
    s.image = XShmCreateImage(
        s.display, DefaultVisual(s.display, number), (unsigned)DefaultDepth(s.display, number), ZPixmap, NULL, memory, c->w, c->h);
    if (s.image->bits_per_pixel != 32 || s.image->bytes_per_line != s.w * 4)
        rs_die("the display does not have 32 bits a pixel");
    memory->shmid = shmget(IPC_PRIVATE, (size_t)s.w * s.h * 4, IPC_CREAT | 0600);
    memory->shmaddr = s.image->data = shmat(memory->shmid, NULL, 0);
    memory->readOnly = False;
    XShmAttach(s.display, memory);
    XSync(s.display, False);
    shmctl(memory->shmid, IPC_RMID, NULL);
    s.fb = (uint8_t *)s.image->data;
    s.old = malloc((size_t)s.w * s.h * 4);
    return s;
}

static void put(const screen *s, int x, int y, int w, int h) {
    XShmPutImage(s->display, s->window, s->gc, s->image, x, y, x, y, (unsigned)w, (unsigned)h, False);
}

static void stamp(const screen *s, uint16_t id) {
    stamp_draw(s->fb, s->w * 4, 0, 0, id);
    stamp_draw(s->fb, s->w * 4, s->w - STAMP_W, s->h - STAMP_H, id);
}

static void keep_old(const screen *s, rs_rect r) {
    for (int y = r.y; y < r.y + r.h; y++) {
        size_t at = ((size_t)y * s->w + r.x) * 4;
        memcpy(s->old + at, s->fb + at, (size_t)r.w * 4);
    }
}

/* The smallest rectangle in r with every pixel that differs from the old ones; w = 0 if none does. */
static rs_rect shrink(const screen *s, rs_rect r) {
    int left = r.x + r.w, right = r.x, top = r.y + r.h, bottom = r.y;
    for (int y = r.y; y < r.y + r.h; y++) {
        const uint32_t *was = (const uint32_t *)s->old + (size_t)y * s->w, *is = (const uint32_t *)s->fb + (size_t)y * s->w;
        int from = r.x, to = r.x + r.w;
        while (from < to && was[from] == is[from])
            from++;
        if (from == to)
            continue;
        while (was[to - 1] == is[to - 1])
            to--;
        left = from < left ? from : left;
        right = to > right ? to : right;
        top = y < top ? y : top;
        bottom = y + 1;
    }
    return left < right ? (rs_rect){left, top, right - left, bottom - top} : (rs_rect){0};
}

static void wait_until(uint64_t due) {
    struct timespec t = {(time_t)(due / 1000000000ull), (long)(due % 1000000000ull)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static void play(rs_corpus *c, const rs_frame *frames, const screen *s, FILE *times) {
    rs_rect *rects = malloc(sizeof(rs_rect) * (c->w / c->tile + 2) * (c->h / c->tile + 2));
    uint64_t begin = rs_now_ns() + first_in_ns;
    uint16_t id = 0;
    int late = 0;
    for (uint32_t i = 1; i < c->nframes; i++) {
        if (!frames[i].ntiles)
            continue;
        uint64_t due = begin + (uint64_t)((i - 1) * 1e12 / c->fps_milli);
        late += rs_now_ns() > due + late_ns;
        int count = rs_rects(c, &frames[i], rects), shown = 0;
        for (int k = 0; k < count; k++)
            keep_old(s, rects[k]);
        rs_apply(c, &frames[i], s->fb);
        for (int k = 0; k < count; k++)
            rects[k] = shrink(s, rects[k]);
        stamp(s, ++id);
        wait_until(due);
        uint64_t start = rs_now_ns();
        long pixels = 0;
        for (int k = 0; k < count; k++)
            if (rects[k].w) {
                put(s, rects[k].x, rects[k].y, rects[k].w, rects[k].h);
                pixels += (long)rects[k].w * rects[k].h;
                shown++;
            }
        put(s, 0, 0, STAMP_W, STAMP_H);
        put(s, s->w - STAMP_W, s->h - STAMP_H, STAMP_W, STAMP_H);
        XSync(s->display, False);
        fprintf(times, "%u,%u,%llu,%llu,%d,%ld\n", id, i, (unsigned long long)start, (unsigned long long)rs_now_ns(), shown, pixels);
    }
    fclose(times);
    free(rects);
    printf("DONE %u frames, %d started late by >5 ms, duration %.3f s\n", id, late, (double)(rs_now_ns() - begin) / 1e9);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: play F.rsc TIMES.csv\n");
        return 2;
    }
    rs_corpus *c = rs_open(argv[1]);
    rs_frame *frames = calloc(c->nframes, sizeof *frames);
    for (uint32_t i = 0; i < c->nframes; i++)
        frames[i] = rs_read(c, i);
    screen s = open_screen(c);
    rs_apply(c, &frames[0], s.fb);
    stamp(&s, 0);
    put(&s, 0, 0, s.w, s.h);
    XSync(s.display, False);
    printf("READY\n");
    fflush(stdout);
    char line[64];
    if (!fgets(line, sizeof line, stdin))
        return 1;
    FILE *times = fopen(argv[2], "w");
    if (!times) {
        perror(argv[2]);
        return 1;
    }
    fprintf(times, "id,corpus_frame,t_start_ns,t_done_ns,rects,pixels\n");
    play(c, frames, &s, times);
    while (fgets(line, sizeof line, stdin)) {
    }
    return 0;
}
