/*
 * relay INTERFACE TAP DELAY-US LOSS-PER-MILLION: a long, lossy line between INTERFACE (the outer
 * end of a host's veth pair) and TAP, which it makes and which takes the place of INTERFACE on the
 * bridge. Used instead of tc's netem, which not every kernel has.
 *
 * Both ends carry frames behind a virtio-net header, so that the kernel's large segments pass in one piece.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* From linux/if_packet.h and linux/if_tun.h, which musl does not bring along. */
enum { PACKET_VNET_HDR = 15, PACKET_IGNORE_OUTGOING = 23, ETH_P_ALL = 3 };
enum { IFF_TAP = 2, IFF_NO_PI = 0x1000, IFF_VNET_HDR = 0x4000, TUN_F_CSUM_TSO = 1 | 2 | 4 | 8 };
#define TUNSETIFF _IOW('T', 202, int)
#define TUNSETOFFLOAD _IOW('T', 208, unsigned int)
struct link_address {
    uint16_t family, protocol;
    int index;
    uint16_t hardware;
    uint8_t type, length, address[8];
};

enum { FRAME = 65536 + 256, QUEUE_BYTES = 128 << 20 };

struct frame {
    struct frame *next;
    int64_t due;
    size_t length;
    char bytes[];
};

/* One direction. What does not fit in the queue is lost, as in a router. */
struct direction {
    int from, to;
    size_t queued;
    struct frame *first, **last;
};

static int64_t delay;
static uint32_t loss;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static int fail(const char *what)
{
    fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_interface(const char *name)
{
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1, size = 64 << 20;
    struct link_address address = { .family = AF_PACKET, .protocol = htons(ETH_P_ALL), .index = (int)if_nametoindex(name) };
    if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof yes)
        || setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes)
        || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size)
        || setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size)
        || bind(fd, (struct sockaddr *)&address, sizeof address))
        fail(name);
    return fd;
}

static int open_tap(const char *name)
{
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) || ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM_TSO))
        fail(name);
    return fd;
}

static uint32_t below_million(void)
{
    static uint64_t state = 88172645463325252ull;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state % 1000000);
}

static void take_in(struct direction *way)
{
    static char bytes[FRAME];
    for (int frames = 0; frames < 256; frames++) {
        ssize_t length = read(way->from, bytes, sizeof bytes);
        if (length <= 0)
            return;
        if (below_million() < loss || way->queued + (size_t)length > QUEUE_BYTES)
            continue;
        struct frame *frame = malloc(sizeof *frame + (size_t)length);
        if (!frame)
            continue;
        *frame = (struct frame) { .due = now_us() + delay, .length = (size_t)length };
        memcpy(frame->bytes, bytes, (size_t)length);
        way->queued += frame->length;
        *way->last = frame;
        way->last = &frame->next;
    }
}

static void let_out(struct direction *way)
{
    int64_t now = now_us();
    while (way->first && way->first->due <= now) {
        struct frame *frame = way->first;
        ssize_t written = write(way->to, frame->bytes, frame->length);
        if (written < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
            frame->due = now + 200; /* the shaping queue behind is full: wait, the loss is its decision */
            return;
        }
        way->first = frame->next;
        if (!way->first)
            way->last = &way->first;
        way->queued -= frame->length;
        free(frame);
    }
}

static int64_t next_due(const struct direction *one, const struct direction *other)
{
    if (!one->first || !other->first)
        return one->first ? one->first->due : other->first ? other->first->due : -1;
    return one->first->due < other->first->due ? one->first->due : other->first->due;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: relay INTERFACE TAP DELAY-US LOSS-PER-MILLION\n");
        return 1;
    }
    int interface = open_interface(argv[1]), tap = open_tap(argv[2]);
    delay = atoll(argv[3]);
    loss = (uint32_t)atol(argv[4]);
    struct direction out = { .from = interface, .to = tap, .last = NULL };
    struct direction in = { .from = tap, .to = interface, .last = NULL };
    out.last = &out.first;
    in.last = &in.first;
    for (;;) {
        struct pollfd ready[] = { { .fd = interface, .events = POLLIN }, { .fd = tap, .events = POLLIN } };
        int64_t due = next_due(&out, &in), wait = due < 0 ? 1000000 : due - now_us();
        struct timespec timeout = { .tv_sec = wait / 1000000, .tv_nsec = wait % 1000000 * 1000 };
        if (wait > 0)
            ppoll(ready, 2, &timeout, NULL);
        take_in(&out);
        take_in(&in);
        let_out(&out);
        let_out(&in);
    }
}
