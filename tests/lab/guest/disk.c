/*
 * One worker per virtio disk. The first diskspan MiB are a ring of blocks; each write is
 * followed by a read and check of another block. With diskrate=0 blocks are only read. What an
 * earlier boot left on the disk is taken over, so that content is checked across a restart too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pulse.h"

/* From linux/fs.h, which musl does not bring along. */
#define BLKGETSIZE64 _IOR(0x12, 114, size_t)

enum { BLOCK = 65536, MAX_DISKS = 8, READ_ONLY_PERIOD_US = 50000 };

struct block {
    uint64_t magic, identity, sum, body[BLOCK / 8 - 3];
};
static const uint64_t MAGIC = 0x6573756c7065766cull;
enum { BODY = sizeof ((struct block *)0)->body / 8 };

struct disk {
    char name[8];
    int fd;
    uint64_t blocks, state;
    uint32_t *generations;
    struct block *out, *in;
};

static uint64_t identity(const struct disk *disk, uint64_t number)
{
    return number << 32 | disk->generations[number];
}

static bool whole(const struct block *block)
{
    return block->magic == MAGIC && block->sum == checksum(block->body, BODY);
}

static void failed(const struct disk *disk, const char *what, uint64_t number)
{
    int error = errno;
    if (atomic_fetch_add(&counters.disk_errors, 1) < 20)
        say("E disk=%s %s block=%llu: %s", disk->name, what, (unsigned long long)number, strerror(error));
    usleep(100000);
}

static void write_block(struct disk *disk, uint64_t number)
{
    fill(disk->out->body, BODY, &disk->state);
    disk->generations[number]++;
    disk->out->magic = MAGIC;
    disk->out->identity = identity(disk, number);
    disk->out->sum = checksum(disk->out->body, BODY);
    if (pwrite(disk->fd, disk->out, BLOCK, (off_t)(number * BLOCK)) == BLOCK) {
        atomic_fetch_add(&counters.disk_writes, 1);
        return;
    }
    disk->generations[number]--;
    failed(disk, "write", number);
}

static bool read_block(struct disk *disk, uint64_t number)
{
    if (pread(disk->fd, disk->in, BLOCK, (off_t)(number * BLOCK)) == BLOCK) {
        atomic_fetch_add(&counters.disk_reads, 1);
        return true;
    }
    failed(disk, "read", number);
    return false;
}

static void verify_block(struct disk *disk, uint64_t number)
{
    if (!read_block(disk, number) || (whole(disk->in) && disk->in->identity == identity(disk, number)))
        return;
    if (atomic_fetch_add(&counters.disk_corrupt, 1) < 20)
        say("D disk=%s block=%llu identity=%llx wanted=%llx whole=%d", disk->name, (unsigned long long)number,
            (unsigned long long)disk->in->identity, (unsigned long long)identity(disk, number), whole(disk->in));
}

/* Takes over the blocks that are there and writes the missing ones. */
static void adopt(struct disk *disk)
{
    for (uint64_t i = 0; i < disk->blocks; i++)
        if (read_block(disk, i) && whole(disk->in) && disk->in->identity >> 32 == i)
            disk->generations[i] = (uint32_t)disk->in->identity;
        else
            write_block(disk, i);
}

_Noreturn static void *work(void *argument)
{
    struct disk *disk = argument;
    adopt(disk);
    const int64_t period = options.diskrate > 0 ? BLOCK * 1000000LL / (options.diskrate * 1048576LL)
                                                : READ_ONLY_PERIOD_US;
    int64_t next = now_us();
    for (uint64_t turn = 0;; turn++) {
        if (options.diskrate > 0)
            write_block(disk, turn % disk->blocks);
        verify_block(disk, random_word(&disk->state) % disk->blocks);
        next += period;
        if (next < now_us())
            next = now_us();
        sleep_until_us(next);
    }
}

static bool disk_open(struct disk *disk, int index)
{
    char path[16];
    snprintf(disk->name, sizeof disk->name, "vd%c", 'a' + index);
    snprintf(path, sizeof path, "/dev/%s", disk->name);
    uint64_t size = 0;
    disk->fd = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
    if (disk->fd < 0 || ioctl(disk->fd, BLKGETSIZE64, &size))
        return false;
    disk->blocks = (uint64_t)options.diskspan * (1048576 / BLOCK);
    if (disk->blocks > size / BLOCK)
        disk->blocks = size / BLOCK;
    disk->state = 0x9e3779b97f4a7c15ull * (uint64_t)(index + 1) ^ (uint64_t)now_us();
    disk->generations = calloc(disk->blocks + 1, sizeof *disk->generations);
    return disk->blocks > 0 && disk->generations && !posix_memalign((void **)&disk->out, PAGE, BLOCK)
        && !posix_memalign((void **)&disk->in, PAGE, BLOCK);
}

int disks_start(void)
{
    static struct disk disks[MAX_DISKS];
    int started = 0;
    while (started < MAX_DISKS && disk_open(&disks[started], started)) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, &disks[started]))
            break;
        started++;
    }
    return started;
}
