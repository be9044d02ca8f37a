/* rsctool: look into recordings (corpus.h).
 *  rsctool info F.rsc…               sizes
 *  rsctool index F.rsc               frame,t_us,tiles,changed_px
 *  rsctool raw F.rsc [MAX]           changed frames, each whole, as B,G,R,0 rows on standard output: what ffmpeg reads as bgr0
 *  rsctool frames F.rsc [MAX]        the same with a header and times (README.md, "Frames through a pipe")
 *  rsctool ppm F.rsc N OUT.ppm       frame N as a picture
 *  rsctool psnr F.rsc ID SNAP.bgrx   compares a framebuffer that was kept when stamp ID was visible (0: the first frame); prints
 *                                    PSNR in dB (99: no difference), largest difference, percent of identical pixels; without the rows
 *                                    of the stamps */
#include "corpus.h"
#include <math.h>

static int changed_frames(const rs_corpus *c) {
    int n = 0;
    for (uint32_t k = 1; k < c->nframes; k++)
        n += c->idx[k].ntiles > 0;
    return n;
}

static void info(int count, char **names) {
    printf("%-40s %9s %5s %7s %8s %10s %12s\n", "file", "size", "fps", "frames", "changed", "raw_MB", "changed_Mpx");
    for (int i = 0; i < count; i++) {
        rs_corpus *c = rs_open(names[i]);
        double mb = 0, mpx = 0;
        for (uint32_t k = 1; k < c->nframes; k++) {
            mpx += c->idx[k].changed_px / 1e6;
            mb += c->idx[k].ntiles * (double)(c->tile * c->tile * 4) / 1e6;
        }
        printf("%-40s %4ux%-4u %5.1f %7u %8d %10.1f %12.1f\n", names[i], c->w, c->h, c->fps_milli / 1000.0, c->nframes, changed_frames(c),
            mb, mpx);
    }
}

static void write_index(const rs_corpus *c) {
    puts("frame,t_us,tiles,changed_px");
    for (uint32_t k = 0; k < c->nframes; k++)
        printf("%u,%llu,%u,%u\n", k, (unsigned long long)c->idx[k].t_us, c->idx[k].ntiles, c->idx[k].changed_px);
}

static void write_frames(rs_corpus *c, uint8_t *fb, uint32_t most, int with_header) {
    size_t size = (size_t)c->w * c->h * 4;
    uint32_t count = 1 + (uint32_t)changed_frames(c);
    if (most < count)
        count = most;
    if (with_header)
        printf("frames %u %u %u\n", c->w, c->h, count);
    for (uint32_t k = 0; k < c->nframes && count; k++) {
        rs_frame f = rs_read(c, k);
        if (f.ntiles) {
            rs_apply(c, &f, fb);
            if (with_header && fwrite(&c->idx[k].t_us, 8, 1, stdout) != 1)
                rs_die("nobody reads");
            if (fwrite(fb, 1, size, stdout) != size)
                rs_die("nobody reads");
            count--;
        }
        rs_free(&f);
    }
}

static void write_ppm(rs_corpus *c, uint8_t *fb, uint32_t frame, const char *name) {
    for (uint32_t k = 0; k <= frame && k < c->nframes; k++) {
        rs_frame f = rs_read(c, k);
        rs_apply(c, &f, fb);
        rs_free(&f);
    }
    FILE *o = fopen(name, "wb");
    if (!o)
        rs_die("cannot write the picture");
    fprintf(o, "P6 %u %u 255\n", c->w, c->h);
    for (size_t i = 0; i < (size_t)c->w * c->h * 4; i += 4) {
        uint8_t rgb[3] = {fb[i + 2], fb[i + 1], fb[i]};
        fwrite(rgb, 1, 3, o);
    }
    fclose(o);
}

static void compare(rs_corpus *c, uint8_t *fb, uint32_t want, const char *name) {
    size_t size = (size_t)c->w * c->h * 4, same = 0, count = 0;
    uint32_t id = 0;
    for (uint32_t k = 0; k < c->nframes; k++) {
        rs_frame f = rs_read(c, k);
        id += k && f.ntiles;
        if (id > want) {
            rs_free(&f);
            break;
        }
        rs_apply(c, &f, fb);
        rs_free(&f);
    }
    uint8_t *snap = malloc(size);
    FILE *i = fopen(name, "rb");
    if (!i || fread(snap, 1, size, i) != size)
        rs_die("cannot read the snapshot");
    double squares = 0;
    int largest = 0;
    for (size_t y = 8; y < c->h - 8; y++)
        for (size_t x = 0; x < c->w; x++, count++) {
            const uint8_t *a = fb + (y * c->w + x) * 4, *b = snap + (y * c->w + x) * 4;
            int equal = 1;
            for (int k = 0; k < 3; k++) {
                int e = abs(a[k] - b[k]);
                squares += e * e;
                equal &= e == 0;
                if (e > largest)
                    largest = e;
            }
            same += (size_t)equal;
        }
    double mean = squares / ((double)count * 3);
    printf("%.2f,%d,%.3f\n", mean > 0 ? 10 * log10(255.0 * 255.0 / mean) : 99.0, largest, 100.0 * (double)same / (double)count);
}

int main(int argc, char **argv) {
    const char *op = argc > 2 ? argv[1] : "";
    if (!strcmp(op, "info")) {
        info(argc - 2, argv + 2);
        return 0;
    }
    rs_corpus *c = argc > 2 ? rs_open(argv[2]) : NULL;
    uint8_t *fb = c ? calloc(c->w * c->h, 4) : NULL;
    if (!strcmp(op, "index"))
        write_index(c);
    else if (!strcmp(op, "raw") || !strcmp(op, "frames"))
        write_frames(c, fb, argc > 3 ? (uint32_t)atoi(argv[3]) : UINT32_MAX, op[0] == 'f');
    else if (!strcmp(op, "ppm") && argc > 4)
        write_ppm(c, fb, (uint32_t)atoi(argv[3]), argv[4]);
    else if (!strcmp(op, "psnr") && argc > 4)
        compare(c, fb, (uint32_t)atoi(argv[3]), argv[4]);
    else {
        fprintf(stderr, "usage: see the head of rsctool.c\n");
        return 2;
    }
    return 0;
}
