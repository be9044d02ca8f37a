/* Machine readable frame stamp: 24 blocks of 8x8 px (192x8), one bit each,
 * white=1 black=0, MSB first: 16 bit frame id + 8 bit CRC (poly 0x07, init 0xA5).
 * It is drawn twice: top-left at (0,0) and bottom-right at (W-192,H-8).
 * A frame counts as visible when BOTH stamps show an id >= it. */
#ifndef RS_STAMP_H
#define RS_STAMP_H
#include <stdint.h>
#define STAMP_BLOCKS 24
#define STAMP_W (STAMP_BLOCKS * 8)
#define STAMP_H 8
static inline uint8_t stamp_crc(uint16_t id) {
    uint8_t c = 0xA5;
    for (int i = 0; i < 2; i++) {
        c ^= (uint8_t)(i ? id & 255 : id >> 8);
        for (int b = 0; b < 8; b++)
            c = (uint8_t)((c & 0x80) ? (c << 1) ^ 0x07 : c << 1);
    }
    return c;
}
static inline void stamp_draw(uint8_t *fb, int stride, int x0, int y0, uint16_t id) {
    uint32_t bits = ((uint32_t)id << 8) | stamp_crc(id);
    for (int b = 0; b < STAMP_BLOCKS; b++) {
        uint32_t v = (bits >> (STAMP_BLOCKS - 1 - b)) & 1 ? 0x00FFFFFFu : 0;
        for (int y = 0; y < 8; y++) {
            uint32_t *p = (uint32_t *)(fb + (long)(y0 + y) * stride) + x0 + b * 8;
            for (int x = 0; x < 8; x++)
                p[x] = v;
        }
    }
}
/* Returns the id or -1. Samples the green channel of the 4 centre pixels. */
static inline int stamp_read(const uint8_t *fb, int stride, int x0, int y0) {
    uint32_t bits = 0;
    for (int b = 0; b < STAMP_BLOCKS; b++) {
        int s = 0;
        for (int y = 3; y < 5; y++)
            for (int x = 3; x < 5; x++)
                s += fb[(long)(y0 + y) * stride + (x0 + b * 8 + x) * 4 + 1];
        bits = bits << 1 | (s >= 4 * 128);
    }
    uint16_t id = (uint16_t)(bits >> 8);
    return stamp_crc(id) == (bits & 255) ? id : -1;
}
#endif
