/* netshim: TCP relay with byte counts, one-way delay and a rate cap, for any TCP protocol.
 * usage: netshim listen_port target_host target_port [--delay-ms D] [--mbit R] [--queue-kb K]
 * D is added in each direction (RTT grows by 2*D). R caps the server->client direction
 * (0 = no cap); K bounds what may wait in the relay (default 256), i.e. the bottleneck buffer.
 * Prints "BYTES up down" on SIGTERM/EOF of stdin. One connection per thread pair. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
static double delay_ms, mbit;
static size_t queue_max = 256 * 1024;
static atomic_ullong up, down;
static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static void sleep_until(uint64_t t) {
    struct timespec ts = {(time_t)(t / 1000000000ull), (long)(t % 1000000000ull)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}
typedef struct chunk {
    struct chunk *next;
    uint64_t due;
    size_t n;
    char b[];
} chunk;
typedef struct {
    int from, to, isdown;
    chunk *head, **tail;
    size_t queued;
    int eof;
    pthread_mutex_t m;
    pthread_cond_t c;
} dir;
static void *writer(void *p) {
    dir *d = p;
    for (;;) {
        pthread_mutex_lock(&d->m);
        while (!d->head && !d->eof)
            pthread_cond_wait(&d->c, &d->m);
        chunk *k = d->head;
        if (k) {
            d->head = k->next;
            if (!d->head)
                d->tail = &d->head;
        }
        pthread_mutex_unlock(&d->m);
        if (!k)
            break;
        sleep_until(k->due);
        size_t o = 0;
        while (o < k->n) {
            ssize_t w = send(d->to, k->b + o, k->n - o, MSG_NOSIGNAL);
            if (w <= 0)
                break;
            o += (size_t)w;
        }
        pthread_mutex_lock(&d->m);
        d->queued -= k->n;
        pthread_cond_broadcast(&d->c);
        pthread_mutex_unlock(&d->m);
        free(k);
    }
    shutdown(d->to, SHUT_WR);
    return NULL;
}
static void *reader(void *p) {
    dir *d = p;
    uint64_t link_free = 0;
    pthread_t w;
    pthread_create(&w, NULL, writer, d);
    for (;;) {
        chunk *k = malloc(sizeof *k + 16384);
        ssize_t n = recv(d->from, k->b, 16384, 0);
        if (n <= 0) {
            free(k);
            break;
        }
        k->n = (size_t)n;
        k->next = NULL;
        atomic_fetch_add(d->isdown ? &down : &up, (unsigned long long)n);
        uint64_t t = now_ns();
        if (d->isdown && mbit > 0) {
            if (link_free < t)
                link_free = t;
            link_free += (uint64_t)(n * 8e3 / mbit);
            t = link_free;
        }
        k->due = t + (uint64_t)(delay_ms * 1e6);
        pthread_mutex_lock(&d->m);
        *d->tail = k;
        d->tail = &k->next;
        d->queued += k->n;
        pthread_cond_broadcast(&d->c);
        size_t bdp = queue_max + (size_t)(mbit * 125.0 * delay_ms); /* bytes in flight are not queueing */
        while (mbit > 0 && d->isdown && d->queued > bdp)
            pthread_cond_wait(&d->c, &d->m);
        pthread_mutex_unlock(&d->m);
    }
    pthread_mutex_lock(&d->m);
    d->eof = 1;
    pthread_cond_broadcast(&d->c);
    pthread_mutex_unlock(&d->m);
    pthread_join(w, NULL);
    return NULL;
}
static struct addrinfo *target;
static void *conn(void *p) {
    int a = (int)(intptr_t)p, b = socket(target->ai_family, SOCK_STREAM, 0), one = 1, buf = 65536;
    if (mbit > 0)
        setsockopt(b, SOL_SOCKET, SO_RCVBUF, &buf, sizeof buf); /* so the sender feels the bottleneck */
    if (connect(b, target->ai_addr, target->ai_addrlen)) {
        close(a);
        close(b);
        return NULL;
    }
    setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(b, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    dir *u = calloc(1, sizeof *u), *d = calloc(1, sizeof *d);
    u->from = a;
    u->to = b;
    d->from = b;
    d->to = a;
    d->isdown = 1;
    u->tail = &u->head;
    d->tail = &d->head;
    pthread_mutex_init(&u->m, NULL);
    pthread_cond_init(&u->c, NULL);
    pthread_mutex_init(&d->m, NULL);
    pthread_cond_init(&d->c, NULL);
    pthread_t t;
    pthread_create(&t, NULL, reader, u);
    reader(d);
    shutdown(a, SHUT_RDWR);
    shutdown(b, SHUT_RDWR);
    pthread_join(t, NULL);
    close(a);
    close(b);
    return NULL;
}
static void *accepter(void *p) {
    int l = (int)(intptr_t)p;
    for (;;) {
        int a = accept(l, NULL, NULL);
        if (a < 0)
            continue;
        pthread_t t;
        pthread_create(&t, NULL, conn, (void *)(intptr_t)a);
        pthread_detach(t);
    }
    return NULL;
}
int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: netshim lport host port [--delay-ms D] [--mbit R] [--queue-kb K]\n");
        return 2;
    }
    for (int i = 4; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--delay-ms"))
            delay_ms = atof(argv[i + 1]);
        else if (!strcmp(argv[i], "--mbit"))
            mbit = atof(argv[i + 1]);
        else if (!strcmp(argv[i], "--queue-kb"))
            queue_max = (size_t)atoi(argv[i + 1]) * 1024;
    }
    struct addrinfo h = {.ai_socktype = SOCK_STREAM, .ai_family = AF_INET};
    if (getaddrinfo(argv[2], argv[3], &h, &target))
        return 1;
    int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(l, (void *)&sa, sizeof sa) || listen(l, 8)) {
        perror("bind");
        return 1;
    }
    pthread_t t;
    pthread_create(&t, NULL, accepter, (void *)(intptr_t)l);
    printf("LISTENING\n");
    fflush(stdout);
    char b[64];
    while (fgets(b, sizeof b, stdin)) {
        printf("BYTES %llu %llu\n", (unsigned long long)up, (unsigned long long)down);
        fflush(stdout);
    }
    printf("BYTES %llu %llu\n", (unsigned long long)up, (unsigned long long)down);
    return 0;
}
